import { beforeEach, describe, expect, it, vi } from 'vitest'
import { typeKeylessText } from './keyless-text.ts'

let sent: string[]
let area: HTMLTextAreaElement
/** The events that xterm.js sees */
let seen: string[]

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  seen = []
  const element = document.createElement('div')
  area = element.appendChild(document.createElement('textarea'))
  typeKeylessText({ input: (data) => sent.push(data) }, element)
  for (const kind of ['keydown', 'input']) area.addEventListener(kind, () => seen.push(kind))
  return () => vi.useRealTimers()
})

const key = (type: string, keyCode = 65, isComposing = false) =>
  area.dispatchEvent(new KeyboardEvent(type, { keyCode, isComposing, bubbles: true }))
const text = (data: string | null, inputType = 'insertText', isComposing = false) =>
  area.dispatchEvent(new InputEvent('input', { data, inputType, isComposing, bubbles: true }))
const composition = (what: 'start' | 'end') =>
  area.dispatchEvent(new CompositionEvent(`composition${what}`, { bubbles: true }))
/** A key of Android, and what the text area has after it */
const androidKey = (value: string, inputType: string, data: string | null = null) => {
  key('keydown', 229)
  area.value = value
  text(data, inputType)
}

describe('text', () => {
  it('without a key is typed, also where a key was pressed that makes none', () => {
    text('dictated')
    key('keydown', 91)
    text('😀')
    expect(sent).toEqual(['dictated', '😀'])
  })

  it('of a key is left to xterm.js', () => {
    key('keydown')
    key('keypress')
    text('a')
    key('keyup')
    expect(sent).toEqual([])
    text('b')
    expect(sent).toEqual(['b'])
  })

  it('that is composed, or taken out, is left to xterm.js', () => {
    text('に', 'insertCompositionText', true)
    text('x', 'insertText', true)
    text('x', 'deleteContentBackward')
    expect(sent).toEqual([])
  })

  it('of an Android keyboard is typed at once and once, however fast its keys come', () => {
    for (const [at, letter] of [...'all '].entries()) {
      androidKey('all '.slice(0, at + 1), 'insertText', letter)
    }
    expect(sent).toEqual(['a', 'l', 'l', ' '])
    expect(seen).toEqual([])
  })

  it('that an Android keyboard takes away is deleted', () => {
    area.value = 'ls'
    androidKey('l', 'deleteContentBackward')
    androidKey('', 'deleteContentBackward')
    expect(sent).toEqual(['\x7f', '\x7f'])
    // A word at once
    area.value = 'ls 😀é'
    androidKey('ls ', 'deleteWordBackward')
    expect(sent.at(-1)).toBe('\x7f\x7f')
  })

  it('that an Android keyboard corrects is deleted from where it differs, and typed anew', () => {
    area.value = 'cd teh'
    androidKey('cd the', 'insertReplacementText')
    expect(sent).toEqual(['\x7f\x7fhe'])
  })

  it('of a composition is left to xterm.js, whatever its keys are', () => {
    composition('start')
    key('keydown', 229, true)
    area.value = 'wh'
    text('wh', 'insertCompositionText', true)
    expect(sent).toEqual([])
    expect(seen).toEqual(['keydown', 'input'])
    // So is what comes before it has sent it: it reads from the beginning of the composition.
    composition('end')
    androidKey('wh ', 'insertText', ' ')
    text('dictated')
    expect(sent).toEqual([])
    vi.runAllTimers()
    androidKey('wh x', 'insertText', 'x')
    expect(sent).toEqual(['x'])
  })

  it('is left alone where a key changed nothing that can be typed', () => {
    area.value = 'x'
    androidKey('x', 'formatBold')
    expect(sent).toEqual([])
  })
})
