import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'
import { settings } from '../../web/settings/settings.ts'

// A busy computer takes its time; what is awaited ends the wait, not the clock.
configure({ asyncUtilTimeout: 10_000 })

// What a page still asks for after its test goes nowhere.
globalThis.fetch = () => Promise.reject(new TypeError('The test has no server.'))

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  localStorage.clear()
  settings.set({ language: null, theme: null, screenReader: false })
  settings.resizeText(null)
})
