import { describe, expect, it } from 'vitest'
import { type GatewayEscape, gatewayEscapes } from '../../settings/keyboard-settings.ts'
import { EscapeGuard, pasteEscapes } from './escape-guard.ts'

const all: readonly GatewayEscape[] = gatewayEscapes

/** What passes of each key, and what is asked about, in brackets. */
function typed(keys: readonly string[], guarded = all): string[] {
  const guard = new EscapeGuard()
  return keys.map((key) => {
    const { pass, asked, rest } = guard.take(key, guarded)
    return pass + (asked ? `<${asked.escape} ${JSON.stringify(asked.text)}>${rest}` : '')
  })
}

describe('what a gateway takes for itself', () => {
  it('is found key by key', () => {
    expect(typed(['l', 's', '\r', '~', '.'])).toEqual(['l', 's', '\r', '~', '<tilde-dot ".">'])
    expect(typed(['\x1d'])).toEqual(['<ctrl-bracket "\\u001d">'])
    expect(typed(['\x1b', '('])).toEqual(['\x1b', '<esc-paren "(">'])
  })

  it('is found within one text, and nothing of it goes out', () => {
    expect(typed(['ls\r~.x'])).toEqual(['ls\r<tilde-dot "~.">x'])
    expect(typed(['a\x1b(b'])).toEqual(['a<esc-paren "\\u001b(">b'])
    expect(typed(['a\x1db'])).toEqual(['a<ctrl-bracket "\\u001d">b'])
  })

  it('is at the start of a line, as the first key may be', () => {
    expect(typed(['~', '.'])).toEqual(['~', '<tilde-dot ".">'])
    expect(typed(['\n~', '.'])).toEqual(['\n~', '<tilde-dot ".">'])
  })

  it.each([
    [['a', '~', '.']],
    [['~', '~', '.']],
    [['~', 'x', '.']],
    [['.', '~']],
    [['\x1b', '[', '(']],
    [['(']],
    [[']']],
  ])('is not %j', (keys) => expect(typed(keys)).toEqual(keys))

  it('is asked about only where the settings name it', () => {
    expect(typed(['~', '.', '\x1d', '\x1b', '('], [])).toEqual(['~', '.', '\x1d', '\x1b', '('])
    expect(typed(['~', '.', '\x1d'], ['ctrl-bracket'])).toEqual(['~', '.', '<ctrl-bracket "\\u001d">'])
  })
})

it('is seen in what is pasted', () => {
  expect(pasteEscapes('~.', all)).toBe(true)
  expect(pasteEscapes('ls\r~.\rx', all)).toBe(true)
  expect(pasteEscapes('cd ~.', all)).toBe(false)
  expect(pasteEscapes('~.', [])).toBe(false)
})
