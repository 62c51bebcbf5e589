import { expect, it } from 'vitest'
import { Chord, isPressed, type PressedKeys } from './chord.ts'

const press = (key: string, held: Partial<PressedKeys> = {}): PressedKeys => ({
  key,
  code: '',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
})

it('takes keys with Ctrl, Alt or Meta, and function keys', () => {
  for (const chord of [
    'Ctrl+K',
    'Ctrl+Shift+P',
    'Shift+Ctrl+P',
    'Alt+ArrowUp',
    'Meta+.',
    'Ctrl++',
    'F1',
    'Shift+F12',
  ])
    expect(Chord.safeParse(chord).success, chord).toBe(true)
})

it('takes nothing that types', () => {
  for (const chord of [
    'a',
    'Shift+A',
    'Enter',
    'Shift+Enter',
    'Space',
    '',
    'Ctrl',
    'Ctrl+',
    'ctrl+k',
    'F99',
    'Ctrl+kk',
  ])
    expect(Chord.safeParse(chord).success, chord).toBe(false)
})

it('knows exactly these keys', () => {
  expect(isPressed('Ctrl+K', press('k', { ctrlKey: true }))).toBe(true)
  expect(isPressed('Ctrl+K', press('K', { ctrlKey: true, shiftKey: true }))).toBe(false)
  expect(isPressed('Ctrl+K', press('k'))).toBe(false)
  expect(isPressed('Ctrl+Shift+P', press('P', { ctrlKey: true, shiftKey: true }))).toBe(true)
  expect(isPressed('F1', press('F1'))).toBe(true)
  expect(isPressed('F1', press('F1', { altKey: true }))).toBe(false)
  expect(isPressed('Ctrl+Space', press(' ', { ctrlKey: true }))).toBe(true)
  expect(isPressed('Ctrl++', press('+', { ctrlKey: true, shiftKey: true }))).toBe(true)
})

it('knows a letter by its place where the layout makes another character of it', () => {
  expect(isPressed('Alt+K', press('˚', { altKey: true, code: 'KeyK' }))).toBe(true)
  expect(isPressed('Ctrl+K', press('л', { ctrlKey: true, code: 'KeyK' }))).toBe(true)
  // Dvorak: the key at K's place types T.
  expect(isPressed('Ctrl+K', press('t', { ctrlKey: true, code: 'KeyK' }))).toBe(false)
})
