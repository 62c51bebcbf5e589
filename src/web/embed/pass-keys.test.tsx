import { fireEvent } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { passKeys } from './pass-keys.ts'

it('passes the keys that are listed now, and keeps them from the page', () => {
  let listed = ['Ctrl+K']
  const pass = vi.fn<(chord: string) => void>()
  const heard = vi.fn()
  onTestFinished(passKeys(() => listed, pass))
  document.body.addEventListener('keydown', heard)
  onTestFinished(() => document.body.removeEventListener('keydown', heard))
  const press = (key: string, repeat = false) =>
    fireEvent.keyDown(document.body, { key, ctrlKey: true, repeat })

  // Prevented
  expect(press('k')).toBe(false)
  expect(press('k', true)).toBe(false)
  expect(pass.mock.calls).toEqual([['Ctrl+K']])
  expect(heard).not.toHaveBeenCalled()
  expect(press('c')).toBe(true)
  expect(heard).toHaveBeenCalledTimes(1)
  listed = []
  expect(press('k')).toBe(true)
  expect(pass).toHaveBeenCalledTimes(1)
})
