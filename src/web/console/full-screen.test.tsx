import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { toggleFullScreen } from './full-screen.ts'

let full: Element | null

beforeEach(() => {
  full = null
  Object.defineProperty(document, 'fullscreenElement', { configurable: true, get: () => full })
  document.documentElement.requestFullscreen = async () => {
    full = document.documentElement
  }
  document.exitFullscreen = async () => {
    full = null
    document.dispatchEvent(new Event('fullscreenchange'))
  }
})

function browserWith(keyboard: unknown): void {
  Object.defineProperty(navigator, 'keyboard', { configurable: true, value: keyboard })
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'keyboard'))
}

it('locks the keys that the browser keeps, and gives them back however it is left', async () => {
  const keyboard = { lock: vi.fn(async () => {}), unlock: vi.fn() }
  browserWith(keyboard)
  expect(await toggleFullScreen()).toBe('locked')
  expect(keyboard.lock).toHaveBeenCalledExactlyOnceWith(['Escape', 'F11', 'KeyW', 'KeyN', 'KeyT'])
  expect(keyboard.unlock).not.toHaveBeenCalled()
  await document.exitFullscreen()
  expect(keyboard.unlock).toHaveBeenCalledOnce()
})

it.each([
  ['has no such lock', undefined],
  ['denies it', { lock: () => Promise.reject(new DOMException('', 'NotAllowedError')), unlock: () => {} }],
])('says that the browser keeps its keys where it %s', async (_why, keyboard) => {
  browserWith(keyboard)
  expect(await toggleFullScreen()).toBe('unlocked')
  expect(await toggleFullScreen()).toBe('left')
})

it('leaves the page as it was where the browser refuses', async () => {
  const keyboard = { lock: vi.fn(async () => {}), unlock: vi.fn() }
  browserWith(keyboard)
  document.documentElement.requestFullscreen = () => Promise.reject(new TypeError('Permissions check failed'))
  expect(await toggleFullScreen()).toBe('left')
  expect(keyboard.lock).not.toHaveBeenCalled()
})
