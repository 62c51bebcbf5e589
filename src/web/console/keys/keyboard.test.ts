import { describe, expect, it, vi } from 'vitest'
import { defaultKeyboard, type KeyboardSettings } from '../../settings/keyboard-settings.ts'
import { encodingOf } from '../encoding/encodings.ts'
import { Keyboard, type Modifier } from './keyboard.ts'

function newKeyboard(change: Partial<KeyboardSettings> = {}) {
  const line = { sent: '', applicationCursor: false }
  const keyboard = new Keyboard({
    send: (text) => {
      line.sent += text
    },
    applicationCursor: () => line.applicationCursor,
  })
  keyboard.settings = { ...defaultKeyboard, ...change }
  return { keyboard, line, held: () => keyboard.getSnapshot().held }
}

describe('what is typed', () => {
  it('goes to the line as it is', () => {
    const { keyboard, line } = newKeyboard()
    for (const text of ['l', 's', '\r', '\x1b[A', '\x03', 'é', '', '\x1b[<0;1;2M']) keyboard.typed(text)
    expect(line.sent).toBe('ls\r\x1b[A\x03é\x1b[<0;1;2M')
  })

  it('is what this machine expects', () => {
    const { keyboard, line } = newKeyboard({ backspace: 'bs', enter: 'crlf', functionKeys: 'esc-digit' })
    for (const text of ['a', '\x7f', '\r', '\x1bOQ', '\x1b[H']) keyboard.typed(text)
    expect(line.sent).toBe('a\b\r\n\x1b2\x1bh')
  })

  it('has its control codes untouched', () => {
    const { keyboard, line } = newKeyboard({ backspace: 'bs', enter: 'crlf' })
    for (const text of ['\r', '\x7f', '\b']) keyboard.text(text)
    expect(line.sent).toBe('\r\x7f\b')
  })

  it('follows the application form of the arrows, also on the screen', () => {
    const { keyboard, line } = newKeyboard()
    keyboard.press('ArrowUp')
    line.applicationCursor = true
    keyboard.press('ArrowUp')
    expect(line.sent).toBe('\x1b[A\x1bOA')
  })

  it('is pasted with the line ends that the machine expects', () => {
    expect(newKeyboard({ enter: 'lf' }).keyboard.pasted('a\rb')).toBe('a\nb')
    expect(newKeyboard().keyboard.pasted('a\rb')).toBe('a\rb')
  })

  it('has seven bits where the line has, and what is left out is told', () => {
    const { keyboard, line } = newKeyboard({ sevenBit: true })
    keyboard.onRefused = vi.fn()
    keyboard.typed('aéb')
    expect(line.sent).toBe('ab')
    expect(keyboard.onRefused).toHaveBeenCalledExactlyOnceWith('é')
  })
})

describe('a character that the encoding lacks', () => {
  it('keeps the whole text from the line, and is told', () => {
    const { keyboard, line } = newKeyboard()
    keyboard.encoding = encodingOf('gbk')
    keyboard.onRefused = vi.fn()
    keyboard.typed('中🚀文')
    keyboard.typed('中')
    expect(line.sent).toBe('中')
    expect(keyboard.onRefused).toHaveBeenCalledExactlyOnceWith('🚀')
  })
})

describe('a modifier that is held on the screen', () => {
  it('is for one key, wherever that comes from', () => {
    const { keyboard, line, held } = newKeyboard()
    keyboard.hold('ctrl')
    expect(held().ctrl).toBe('once')
    keyboard.typed('c')
    expect(held().ctrl).toBe('off')
    keyboard.typed('c')
    keyboard.hold('ctrl')
    keyboard.press('F6')
    keyboard.hold('alt')
    keyboard.typed('\x1b[A')
    expect(line.sent).toBe('\x03c\x1b[17;5~\x1b[1;3A')
  })

  it('joins one that the keyboard holds, either way round', () => {
    const { keyboard, line } = newKeyboard()
    const types = (modifier: Modifier, text: string) => {
      line.sent = ''
      keyboard.hold(modifier)
      keyboard.typed(text)
      return line.sent
    }
    expect(types('ctrl', '\x1bx')).toBe('\x1b\x18')
    expect(types('alt', '\x18')).toBe('\x1b\x18')
    expect(types('alt', '\x1bx')).toBe('\x1bx')
    expect(types('ctrl', '\x18')).toBe('\x18')
    expect(types('ctrl', '\x1b\x7f')).toBe('\x1b\b')
    expect(types('alt', '\x1b[1;5A')).toBe('\x1b[1;7A')
    expect(types('ctrl', '\x1b[1;3A')).toBe('\x1b[1;7A')
  })

  it('stays after two presses, and goes after a third', () => {
    const { keyboard, line, held } = newKeyboard()
    keyboard.hold('ctrl')
    keyboard.hold('ctrl')
    expect(held().ctrl).toBe('locked')
    keyboard.typed('a')
    keyboard.typed('k')
    keyboard.hold('ctrl')
    keyboard.typed('k')
    expect(line.sent).toBe('\x01\x0bk')
  })

  it('joins others', () => {
    const { keyboard, line, held } = newKeyboard()
    keyboard.hold('ctrl')
    keyboard.hold('alt')
    keyboard.hold('shift')
    keyboard.press('F2')
    expect(held()).toEqual({ shift: 'off', alt: 'off', ctrl: 'off' })
    keyboard.hold('shift')
    keyboard.press('Tab')
    expect(line.sent).toBe('\x1b[1;8Q\x1b[Z')
  })

  it('is no matter of the mouse', () => {
    const { keyboard, held } = newKeyboard()
    keyboard.hold('ctrl')
    keyboard.typed('\x1b[<0;1;2M')
    expect(held().ctrl).toBe('once')
  })
})

describe('what the gateway may take for itself', () => {
  const guarded = ['tilde-dot', 'ctrl-bracket', 'esc-paren'] as const

  it('counts what buttons and portals send', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    keyboard.typed('in a line')
    keyboard.passes('\r')
    keyboard.typed('~.')
    expect(line.sent).toBe('in a line')
    expect(keyboard.getSnapshot().asked).toBe('tilde-dot')
    keyboard.answer(false)
    keyboard.passes('exit')
    keyboard.typed('~.')
    expect(line.sent).toBe('in a line~.')
  })

  it('sends what was lost as it was, unless the gateway would take it for a command now', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    const send = vi.fn()
    keyboard.typed('cd /')
    keyboard.again('~.bak', send)
    expect(send).toHaveBeenCalledOnce()
    expect(keyboard.getSnapshot().asked).toBeNull()
    // Another line: it begins there.
    keyboard.doubtPlace()
    keyboard.again('~.bak', send)
    expect(send).toHaveBeenCalledOnce()
    expect(keyboard.getSnapshot().asked).toBe('tilde-dot')
    keyboard.answer(true)
    expect(line.sent).toBe('cd /~.bak')
  })

  it('waits for a word, and what is typed meanwhile follows it', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    const heard = vi.fn()
    keyboard.subscribe(heard)
    for (const text of ['\r', '~', '.', 'l', 's']) keyboard.typed(text)
    expect(line.sent).toBe('\r~')
    expect(keyboard.getSnapshot().asked).toBe('tilde-dot')
    expect(heard).toHaveBeenCalledOnce()
    keyboard.answer(true)
    expect(line.sent).toBe('\r~.ls')
    expect(keyboard.getSnapshot().asked).toBeNull()
  })

  it('is left out if that is the word, and nothing else is', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    keyboard.typed('\x1d')
    keyboard.typed('x')
    keyboard.answer(false)
    keyboard.answer(false)
    expect(line.sent).toBe('x')
  })

  it('is asked about again for what was typed meanwhile', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    keyboard.typed('\x1d')
    keyboard.typed('\x1b(')
    keyboard.typed('y')
    keyboard.answer(true)
    expect(keyboard.getSnapshot().asked).toBe('esc-paren')
    expect(line.sent).toBe('\x1d')
    keyboard.answer(true)
    expect(line.sent).toBe('\x1d\x1b(y')
  })

  it.each([
    ['~', '.'],
    ['\x1b', '('],
  ])('is asked about again where the gateway still has %j', (first, second) => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    for (const text of [first, second, second]) keyboard.typed(text)
    keyboard.answer(false)
    expect(line.sent).toBe(first)
    expect(keyboard.getSnapshot().asked).not.toBeNull()
    keyboard.answer(false)
    keyboard.typed('x')
    keyboard.typed(second)
    expect(line.sent).toBe(`${first}x${second}`)
  })

  it('is asked about again at the start of a line, where nothing of it went out', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    keyboard.text('ls\r~.')
    keyboard.answer(false)
    keyboard.text('~.')
    expect(line.sent).toBe('ls\r')
    expect(keyboard.getSnapshot().asked).toBe('tilde-dot')
  })

  it('loses only the key that the encoding lacks of what is typed meanwhile', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    keyboard.encoding = encodingOf('gbk')
    keyboard.onRefused = vi.fn()
    for (const text of ['\x1d', 'l', '🚀', 's']) keyboard.typed(text)
    expect(keyboard.onRefused).toHaveBeenCalledExactlyOnceWith('🚀')
    keyboard.answer(false)
    expect(line.sent).toBe('ls')
  })

  it('takes nothing with it that is no part of it', () => {
    const { keyboard, line } = newKeyboard({ guarded: [...guarded] })
    keyboard.text('~\x1dls')
    keyboard.answer(false)
    expect(line.sent).toBe('~ls')
  })

  it('begins a line after a paste that ends one', () => {
    const { keyboard } = newKeyboard({ guarded: [...guarded] })
    keyboard.typed('x')
    keyboard.pasted('ls\r')
    keyboard.typed('~')
    keyboard.typed('.')
    expect(keyboard.getSnapshot().asked).toBe('tilde-dot')
  })
})
