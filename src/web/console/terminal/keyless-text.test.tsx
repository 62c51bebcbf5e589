import { beforeEach, describe, expect, it, vi } from 'vitest'
import { typeKeylessText } from './keyless-text.ts'

let sent: string[]
let area: HTMLTextAreaElement
let say: (data: string) => void

/** As xterm.js looks at its text area after a key of Android. */
const xterm = {
  input: (data: string) => {
    sent.push(data)
    say(data)
  },
  onData: (listener: (data: string) => void) => {
    say = listener
    return { dispose: () => {} }
  },
}

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  const element = document.createElement('div')
  area = element.appendChild(document.createElement('textarea'))
  typeKeylessText(xterm, element)
  return () => vi.useRealTimers()
})

const key = (type: string, keyCode = 65) =>
  area.dispatchEvent(new KeyboardEvent(type, { keyCode, bubbles: true }))
const text = (data: string, inputType = 'insertText', isComposing = false) =>
  area.dispatchEvent(new InputEvent('input', { data, inputType, isComposing, bubbles: true }))

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
    vi.runAllTimers()
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

  it('of an Android keyboard is left to xterm.js, if that saw it', () => {
    key('keydown', 229)
    text('a')
    say('a')
    vi.runAllTimers()
    expect(sent).toEqual([])
  })

  it('of an Android keyboard is typed, if xterm.js had looked before it was there', () => {
    key('keydown', 229)
    text('a')
    key('keydown', 229)
    text('a')
    vi.runAllTimers()
    expect(sent).toEqual(['a', 'a'])
  })

  it('of which xterm.js saw one key of two is typed once each', () => {
    key('keydown', 229)
    text('l')
    key('keydown', 229)
    text('l')
    say('l')
    vi.runAllTimers()
    expect(sent).toEqual(['l'])
  })
})
