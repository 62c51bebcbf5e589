import { describe, expect, it } from 'vitest'
import { type TypedKey, typedKey } from './typed-key.ts'

interface More extends Partial<Omit<TypedKey, 'getModifierState'>> {
  altGraph?: boolean
}

const press = (key: string, { altGraph = false, ...more }: More = {}): TypedKey => ({
  key,
  keyCode: 0,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  getModifierState: (modifier) => altGraph && modifier === 'AltGraph',
  ...more,
})
const typed = (key: string, more?: More, selected = false, mac = false) =>
  typedKey(press(key, more), selected, mac)
const plain = { shift: false, alt: false, ctrl: false }

describe('a key in older lines', () => {
  it('is typed on the live line where it makes a character, a line or an end of one', () => {
    expect(typed('l')).toEqual({ text: 'l' })
    expect(typed('L', { shiftKey: true })).toEqual({ text: 'L' })
    expect(typed('😀')).toEqual({ text: '😀' })
    expect(typed('Enter')).toEqual({ name: 'Enter', modifiers: plain })
    expect(typed('Backspace')).toEqual({ name: 'Backspace', modifiers: plain })
    expect(typed('b', { altKey: true })).toEqual({ text: '\x1bb' })
    expect(typed('∫', { altKey: true }, false, true)).toEqual({ text: '∫' })
    expect(typed('@', { ctrlKey: true, altKey: true, altGraph: true })).toEqual({ text: '@' })
  })

  it('stops a program in a hurry, and copies where text is selected', () => {
    expect(typed('c', { ctrlKey: true })).toEqual({ text: '\x03' })
    expect(typed('\\', { ctrlKey: true })).toEqual({ text: '\x1c' })
    expect(typed('c', { ctrlKey: true }, true)).toBeNull()
    expect(typed('c', { metaKey: true }, false, true)).toBeNull()
    expect(typed('C', { ctrlKey: true, shiftKey: true })).toBeNull()
    expect(typed('r', { ctrlKey: true })).toBeNull()
  })

  it.each(['Escape', 'PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown', 'Tab', 'F5', 'Shift', ' '])(
    'reads on, and types nothing: %s',
    (key) => expect(typed(key)).toBeNull(),
  )

  it('gives the terminal the focus where its character comes later', () => {
    expect(typed('Dead')).toBe('focus')
    expect(typed('Process', { keyCode: 229 })).toBe('focus')
  })
})
