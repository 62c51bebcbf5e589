import { useSyncExternalStore } from 'react'

declare global {
  interface Navigator {
    /** Chromium only, on secure origins. https://wicg.github.io/keyboard-lock/ */
    readonly keyboard?: { lock(codes: string[]): Promise<void>; unlock(): void }
  }
}

/** Keys that a shell or vi needs but the browser keeps to itself. In full screen it can be asked for them. */
const lockedKeys = ['Escape', 'KeyW', 'KeyN', 'KeyT']

const subscribe = (listener: () => void) => {
  document.addEventListener('fullscreenchange', listener)
  return () => document.removeEventListener('fullscreenchange', listener)
}

export const useFullScreen = () => useSyncExternalStore(subscribe, () => document.fullscreenElement !== null)

/** False on some phones: their browsers have no full screen for pages. */
export const fullScreenOffered = () => document.fullscreenEnabled

export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) {
    navigator.keyboard?.unlock()
    return document.exitFullscreen()
  }
  await document.documentElement.requestFullscreen()
  // With the lock, Esc leaves full screen only when it is held down. Without it, a press is enough.
  await navigator.keyboard?.lock(lockedKeys).catch(() => {})
}
