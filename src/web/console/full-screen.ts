import { useSyncExternalStore } from 'react'

declare global {
  interface Navigator {
    /** Chromium only, on secure origins. https://wicg.github.io/keyboard-lock/ */
    readonly keyboard?: { lock(codes: string[]): Promise<void>; unlock(): void }
  }
}

/** Keys that a browser keeps to itself and a shell or vi needs: in full screen they may be had. */
const lockedKeys = ['Escape', 'KeyW', 'KeyN', 'KeyT']

const subscribe = (listener: () => void) => {
  document.addEventListener('fullscreenchange', listener)
  return () => document.removeEventListener('fullscreenchange', listener)
}

export const useFullScreen = () => useSyncExternalStore(subscribe, () => document.fullscreenElement !== null)

/** Phones of some makes have no full screen for pages. */
export const fullScreenOffered = () => document.fullscreenEnabled

export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) {
    navigator.keyboard?.unlock()
    return document.exitFullscreen()
  }
  await document.documentElement.requestFullscreen()
  // Esc held down still leaves. Where the lock is refused, Esc leaves at once, as everywhere.
  await navigator.keyboard?.lock(lockedKeys).catch(() => {})
}
