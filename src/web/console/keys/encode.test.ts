import { describe, expect, it } from 'vitest'
import {
  controlCode,
  echoOf,
  encodeKey,
  functionNames,
  type KeyEncoding,
  type KeyName,
  modified,
  navigationNames,
  noModifiers,
  readKey,
} from './encode.ts'

const usual: KeyEncoding = { backspace: 'del', enter: 'cr', functionKeys: 'xterm', applicationCursor: false }
const plain = (name: KeyName, change: Partial<KeyEncoding> = {}) =>
  encodeKey(name, noModifiers, { ...usual, ...change })
const withAlt = { ...noModifiers, alt: true }
const withCtrl = { ...noModifiers, ctrl: true }

describe('a key', () => {
  it.each([
    ['F1', '\x1bOP'],
    ['F4', '\x1bOS'],
    ['F5', '\x1b[15~'],
    ['F12', '\x1b[24~'],
    ['Home', '\x1b[H'],
    ['PageDown', '\x1b[6~'],
    ['ArrowUp', '\x1b[A'],
    ['Enter', '\r'],
    ['Backspace', '\x7f'],
    ['Tab', '\t'],
  ] as const)('is what xterm makes of it: %s', (name, text) => {
    expect(plain(name)).toBe(text)
  })

  it('has its modifiers in its sequence', () => {
    expect(encodeKey('F6', withCtrl, usual)).toBe('\x1b[17;5~')
    expect(encodeKey('Insert', { ...noModifiers, shift: true }, usual)).toBe('\x1b[2;2~')
    expect(encodeKey('ArrowLeft', { shift: true, alt: true, ctrl: true }, usual)).toBe('\x1b[1;8D')
    expect(encodeKey('F1', withAlt, usual)).toBe('\x1b[1;3P')
    expect(encodeKey('Tab', { ...noModifiers, shift: true }, usual)).toBe('\x1b[Z')
  })

  it('follows the application form of the arrows', () => {
    expect(plain('ArrowUp', { applicationCursor: true })).toBe('\x1bOA')
    expect(plain('End', { applicationCursor: true })).toBe('\x1bOF')
    expect(plain('ArrowUp', { applicationCursor: true, functionKeys: 'esc-digit' })).toBe('\x1bOA')
  })

  it('is as a VT100+ of PuTTY', () => {
    const keys = functionNames.map((name) => plain(name, { functionKeys: 'vt100' }))
    expect(keys).toEqual([...'PQRSTUVWXYZ['].map((final) => `\x1bO${final}`))
    expect(plain('Home', { functionKeys: 'vt100' })).toBe('\x1b[1~')
    expect(plain('End', { functionKeys: 'vt100' })).toBe('\x1b[4~')
  })

  it('is as firmware reads it', () => {
    const keys = functionNames.map((name) => plain(name, { functionKeys: 'esc-digit' }))
    expect(keys).toEqual([...'1234567890!@'].map((last) => `\x1b${last}`))
    const navigation = navigationNames.map((name) => plain(name, { functionKeys: 'esc-digit' }))
    expect(navigation).toEqual(['\x1b+', '\x1b-', '\x1bh', '\x1bk', '\x1b?', '\x1b/'])
    expect(encodeKey('F2', withAlt, { ...usual, functionKeys: 'esc-digit' })).toBe('\x1b\x1b2')
  })

  it('erases and ends lines as the machine wants it', () => {
    expect(plain('Backspace', { backspace: 'bs' })).toBe('\b')
    // The other one is behind Ctrl.
    expect(encodeKey('Backspace', withCtrl, usual)).toBe('\b')
    expect(encodeKey('Backspace', withCtrl, { ...usual, backspace: 'bs' })).toBe('\x7f')
    expect(encodeKey('Backspace', withAlt, { ...usual, backspace: 'bs' })).toBe('\x1b\b')
    expect(plain('Enter', { enter: 'lf' })).toBe('\n')
    expect(plain('Enter', { enter: 'crlf' })).toBe('\r\n')
    expect(encodeKey('Enter', withAlt, { ...usual, enter: 'crlf' })).toBe('\x1b\r\n')
  })

  const names: readonly KeyName[] = [
    ...functionNames,
    ...navigationNames,
    ...(['ArrowUp', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'Enter', 'Tab'] as const),
  ]
  it.each(names)('is known again by what the terminal made of it: %s', (name) => {
    expect(readKey(plain(name))).toEqual({ name, modifiers: noModifiers })
    expect(readKey(plain(name, { applicationCursor: true }))).toEqual({ name, modifiers: noModifiers })
  })

  it('is known again with its modifiers', () => {
    for (const name of [...functionNames, ...navigationNames]) {
      for (const modifiers of [withAlt, withCtrl, { shift: true, alt: false, ctrl: true }]) {
        expect(readKey(encodeKey(name, modifiers, usual))).toEqual({ name, modifiers })
      }
    }
    expect(readKey('\x1b\x7f')).toEqual({ name: 'Backspace', modifiers: withAlt })
    expect(readKey('\x1b\r')).toEqual({ name: 'Enter', modifiers: withAlt })
  })

  it.each(['a', '\x1b', '\x1ba', '\x03', '\b', '', 'ls', '\x1b[<0;3;4M', '\x1b[99~', '\x1b[1;2x', 'x\r'])(
    'is not seen in %j',
    (text) => expect(readKey(text)).toBeNull(),
  )
})

describe('control codes', () => {
  it('are all within reach', () => {
    const reached = new Set([...'@abcdefghijklmnopqrstuvwxyz[\\]^_?'].map(controlCode))
    for (let code = 0; code < 0x20; code++) expect(reached).toContain(String.fromCharCode(code))
    expect(reached).toContain('\x7f')
  })

  it.each([
    [' ', '\0'],
    ['2', '\0'],
    ['3', '\x1b'],
    ['6', '\x1e'],
    ['7', '\x1f'],
    ['/', '\x1f'],
    ['8', '\x7f'],
    ['M', '\r'],
  ])('%j is a key for one', (character, code) => expect(controlCode(character)).toBe(code))

  it.each(['1', '9', '0', '-', '+', 'ß', 'é', '', 'ab'])('%j is none', (character) =>
    expect(controlCode(character)).toBeNull(),
  )
})

it('holds modifiers for the first character of a text', () => {
  expect(modified('c', withCtrl)).toBe('\x03')
  expect(modified('ls', withCtrl)).toBe('\x0cs')
  expect(modified('x', withAlt)).toBe('\x1bx')
  expect(modified('c', { shift: false, alt: true, ctrl: true })).toBe('\x1b\x03')
  expect(modified('a', { ...noModifiers, shift: true })).toBe('A')
  expect(modified('é', withCtrl)).toBe('é')
  expect(modified('😀x', withCtrl)).toBe('😀x')
})

it('takes an ESC before one character for Alt, which the keyboard held', () => {
  expect(modified('\x1bx', withCtrl)).toBe('\x1b\x18')
  expect(modified('\x1bx', withAlt)).toBe('\x1bx')
  expect(modified('\x1bx', { ...noModifiers, shift: true })).toBe('\x1bX')
  expect(modified('\x1b😀', withAlt)).toBe('\x1b😀')
  expect(modified('\x1b', withAlt)).toBe('\x1b\x1b')
  expect(modified('\x1b[5n', withCtrl)).toBe('\x1b[5n')
  expect(encodeKey('Tab', { shift: true, alt: true, ctrl: false }, usual)).toBe('\x1b\x1b[Z')
})

it.each([
  ['ls', 'ls'],
  ['\r', '\r\n'],
  ['\r\n', '\r\n'],
  ['\n', '\r\n'],
  ['\x7f', '\b \b'],
  ['\b', '\b \b'],
  ['a\tb', 'a\tb'],
  ['\x03', ''],
  ['\x1b[A', ''],
  ['\x1bOP', ''],
  ['\x1b[200~ab\x1b[201~', 'ab'],
  ['\x1b', ''],
  ['\x1b[<35;1;2M', ''],
  ['\x1b]0;title\x07x', '0;titlex'],
  ['é😀', 'é😀'],
  ['\x9b31m', '31m'],
])('echoes %j as %j', (typed, shown) => expect(echoOf(typed)).toBe(shown))
