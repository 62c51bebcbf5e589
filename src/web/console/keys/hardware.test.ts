import { describe, expect, it } from 'vitest'
import { chordOf, isOptionMeta, type KeyPress, type Platform, planKey } from './hardware.ts'

const none: KeyPress = {
  key: '',
  code: '',
  keyCode: 0,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  altGraph: false,
}
/** @param held of `csam` for Ctrl, Shift, Alt and Meta, `g` for AltGr */
const press = (held: string, key: string, code: string, keyCode: number): KeyPress => ({
  ...none,
  key,
  code,
  keyCode,
  ctrlKey: held.includes('c'),
  shiftKey: held.includes('s'),
  altKey: held.includes('a'),
  metaKey: held.includes('m'),
  altGraph: held.includes('g'),
})
const sent = (event: KeyPress, platform: Platform = 'other') => {
  const plan = planKey(event, platform, true)
  return plan.by === 'text' ? plan.text : plan.by
}

describe('the keys that are ours', () => {
  it.each([
    ['copy', press('cs', 'C', 'KeyC', 67)],
    ['copy on Dvorak', press('cs', 'C', 'KeyI', 67)],
    ['copy on a Russian keyboard', press('cs', 'С', 'KeyC', 67)],
    ['paste', press('cs', 'V', 'KeyV', 86)],
    ['copy by Insert', press('c', 'Insert', 'Insert', 45)],
    ['paste by Insert', press('s', 'Insert', 'Insert', 45)],
    ['leave', press('c', 'F6', 'F6', 117)],
    ['font-larger on a US keyboard', press('cs', '+', 'Equal', 187)],
    ['font-larger on a US keyboard without Shift', press('c', '=', 'Equal', 187)],
    ['font-smaller on a US keyboard', press('c', '-', 'Minus', 189)],
    ['font-reset', press('cs', ')', 'Digit0', 48)],
    ['font-larger on a German keyboard', press('cs', '*', 'BracketRight', 187)],
    ['font-larger in a German Firefox', press('cs', '*', 'BracketRight', 171)],
    ['font-smaller on a German keyboard', press('cs', '_', 'Slash', 189)],
    ['font-smaller in a German Firefox', press('cs', '_', 'Slash', 173)],
    ['font-reset on a German keyboard', press('cs', '=', 'Digit0', 48)],
    ['font-smaller on a French keyboard', press('c', '-', 'Digit6', 54)],
    ['font-reset on a French keyboard', press('cs', '0', 'Digit0', 48)],
    ['font-larger by the number block', press('c', '+', 'NumpadAdd', 107)],
  ])('%s', (name, event) => expect(chordOf(event, false)).toBe(name.split(' ')[0]))

  it.each([
    ['Ctrl+_ on a US keyboard', press('cs', '_', 'Minus', 189)],
    ['Ctrl+_ on a French keyboard', press('c', '_', 'Digit8', 56)],
    ['Ctrl+C', press('c', 'c', 'KeyC', 67)],
    ['the key at C on a Dvorak keyboard', press('cs', 'J', 'KeyC', 74)],
    ['the German ß, where the US minus is', press('cs', '?', 'Minus', 219)],
    ['the German accent, where the US plus is', press('cs', 'Dead', 'Equal', 221)],
    ['AltGr', press('csg', '-', 'Minus', 189)],
    ['a letter', press('', 'c', 'KeyC', 67)],
  ])('are not %s', (_name, event) => expect(chordOf(event, false)).toBeNull())

  it('are those of a Mac there', () => {
    expect(chordOf(press('m', 'c', 'KeyC', 67), true)).toBe('copy')
    expect(chordOf(press('ms', '*', 'BracketRight', 187), true)).toBe('font-larger')
    expect(chordOf(press('m', '-', 'Slash', 189), true)).toBe('font-smaller')
    expect(chordOf(press('cs', 'C', 'KeyC', 67), true)).toBeNull()
    expect(chordOf(press('cs', '_', 'Minus', 189), true)).toBeNull()
  })
})

describe('a key with Ctrl', () => {
  it.each([
    ['US, Ctrl+Shift+-', press('cs', '_', 'Minus', 189), '\x1f'],
    ['US, Ctrl+/', press('c', '/', 'Slash', 191), '\x1f'],
    ['US, Ctrl+Shift+6', press('cs', '^', 'Digit6', 54), '\x1e'],
    ['US, Ctrl+6', press('c', '6', 'Digit6', 54), '\x1e'],
    ['US, Ctrl+Shift+2', press('cs', '@', 'Digit2', 50), '\0'],
    ['US, Ctrl+Space', press('c', ' ', 'Space', 32), '\0'],
    ['US, Ctrl+[', press('c', '[', 'BracketLeft', 219), '\x1b'],
    ['US, Ctrl+Shift+/', press('cs', '?', 'Slash', 191), '\x7f'],
    ['US, Ctrl+M, which is no Enter', press('c', 'm', 'KeyM', 77), '\r'],
    ['German, Ctrl+AltGr+8', press('cg', '[', 'Digit8', 56), '\x1b'],
    ['German, Ctrl+Shift+7', press('cs', '/', 'Digit7', 55), '\x1f'],
    ['German, Ctrl+Y, at the US Z', press('c', 'y', 'KeyZ', 89), 'terminal'],
    ['French, Ctrl+8, labelled _', press('c', '_', 'Digit8', 56), '\x1f'],
    ['French, Ctrl+A, at the US Q', press('c', 'a', 'KeyQ', 65), 'terminal'],
    ['a letter whose number is another', press('c', 'a', 'KeyQ', 81), '\x01'],
  ])('%s', (_name, event, text) => expect(sent(event)).toBe(text))

  it.each([
    ['German ß, where the US - is', press('c', 'ß', 'Minus', 219)],
    ['German ü, where the US [ is', press('c', 'ü', 'BracketLeft', 186)],
    ['French è, where the US 7 is', press('c', 'è', 'Digit7', 55)],
    ['US Ctrl+Shift+[', press('cs', '{', 'BracketLeft', 219)],
  ])('makes nothing by its place: %s', (_name, event) => expect(sent(event)).toBe('browser'))

  it('goes by its place on a keyboard of another script', () => {
    expect(sent(press('c', 'с', 'KeyC', 67))).toBe('terminal')
    expect(sent(press('c', 'х', 'BracketLeft', 219))).toBe('terminal')
  })

  it('is a character with AltGr on Windows, where that is Ctrl and Alt', () => {
    expect(sent(press('ca', '[', 'Digit8', 56), 'windows')).toBe('terminal')
    expect(sent(press('cag', '[', 'Digit8', 56), 'windows')).toBe('terminal')
    expect(sent(press('cg', '@', 'KeyQ', 81), 'windows')).toBe('terminal')
  })
})

describe('a key with Alt', () => {
  it.each([
    ['a letter', press('a', 'b', 'KeyB', 66), '\x1bb'],
    ['a capital letter', press('as', 'B', 'KeyB', 66), '\x1bB'],
    ['a point', press('a', '.', 'Period', 190), '\x1b.'],
    ['the German #, which the terminal takes for /', press('a', '#', 'Backslash', 191), '\x1b#'],
    ['the German ö', press('a', 'ö', 'Semicolon', 192), '\x1bö'],
  ])('is Meta by its label: %s', (_name, event, text) => expect(sent(event)).toBe(text))

  it('is left to the terminal where it is no character', () => {
    expect(sent(press('a', 'ArrowLeft', 'ArrowLeft', 37))).toBe('terminal')
    expect(sent(press('a', 'ф', 'KeyA', 65))).toBe('terminal')
    expect(sent(press('a', '1', 'Numpad1', 97))).toBe('terminal')
  })
})

describe('the Option key of a Mac', () => {
  const option = (key: string, optionIsMeta: boolean) =>
    planKey(press('a', key, 'KeyL', 76), 'mac', optionIsMeta)

  it('is Meta where the keyboard does not need it', () => {
    expect(option('¬', true)).toEqual({ by: 'terminal', meta: true })
    expect(option('Dead', true)).toEqual({ by: 'terminal', meta: true })
    expect(option('@', false)).toEqual({ by: 'terminal', meta: false })
  })

  it('makes an ASCII character in any case: a British keyboard has no other # than Option+3', () => {
    expect(option('#', true)).toEqual({ by: 'terminal', meta: false })
  })

  it('is chosen, or follows the keyboard, or the language where the browser tells no more', () => {
    const us = new Map([['BracketLeft', '[']])
    const german = new Map([['BracketLeft', 'ü']])
    expect(isOptionMeta('meta', german, 'de')).toBe(true)
    expect(isOptionMeta('characters', us, 'en')).toBe(false)
    expect(isOptionMeta('auto', us, 'de')).toBe(true)
    expect(isOptionMeta('auto', german, 'en')).toBe(false)
    expect(isOptionMeta('auto', null, 'en-GB')).toBe(true)
    expect(isOptionMeta('auto', null, 'de-DE')).toBe(false)
  })
})

it('tells Ctrl+Backspace from Ctrl+H, whose bytes the terminal makes of both', () => {
  expect(planKey(press('c', 'Backspace', 'Backspace', 8), 'other', false)).toEqual({
    by: 'name',
    name: 'Backspace',
  })
  expect(sent(press('c', 'h', 'KeyH', 72))).toBe('terminal')
})

it('leaves other keys to the terminal', () => {
  for (const event of [
    press('', 'a', 'KeyA', 65),
    press('', 'Enter', 'Enter', 13),
    press('m', 'v', 'KeyV', 86),
  ]) {
    expect(sent(event)).toBe('terminal')
  }
})
