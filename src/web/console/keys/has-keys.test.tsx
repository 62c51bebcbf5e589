import { expect, it } from 'vitest'
import { isOfKeyboard } from './has-keys.ts'

const press = (key: string, keyCode: number, held: Partial<KeyboardEvent> = {}) =>
  isOfKeyboard(new KeyboardEvent('keydown', { key, keyCode, ...held }))

it('is a key that no keyboard on a screen has', () => {
  expect(press('c', 67, { ctrlKey: true })).toBe(true)
  expect(press('Escape', 27)).toBe(true)
  expect(press('F2', 113)).toBe(true)
  expect(press('ArrowUp', 38)).toBe(true)
})

it('is not what a keyboard on a screen tells', () => {
  expect(press('Unidentified', 229)).toBe(false)
  expect(press('a', 65)).toBe(false)
  expect(press('A', 65, { shiftKey: true })).toBe(false)
  expect(press('Enter', 13)).toBe(false)
})
