import { useSyncExternalStore } from 'react'

declare global {
  interface Navigator {
    /** Chromium only, on secure origins. https://wicg.github.io/keyboard-lock/ https://wicg.github.io/keyboard-map/ */
    readonly keyboard?: {
      lock(codes: string[]): Promise<void>
      unlock(): void
      getLayoutMap?(): Promise<ReadonlyMap<string, string>>
    }
  }
}

/** Keys that a shell, vi or firmware needs but the browser keeps to itself. In full screen it can be asked for them. */
const lockedKeys = ['Escape', 'F11', 'KeyW', 'KeyN', 'KeyT']
/** The same, as people press them. */
export const lockedChords = ['Ctrl+W', 'Ctrl+N', 'Ctrl+T', 'F11']

const subscribe = (listener: () => void) => {
  document.addEventListener('fullscreenchange', listener)
  return () => document.removeEventListener('fullscreenchange', listener)
}

export const useFullScreen = () => useSyncExternalStore(subscribe, () => document.fullscreenElement !== null)

/** False on some phones: their browsers have no full screen for pages. */
export const fullScreenOffered = () => document.fullscreenEnabled

/**
 * `locked`: those keys go to the server, and Esc leaves full screen only when it is held down. `unlocked`: the browser
 * keeps them, and a press of Esc is enough.
 */
export type FullScreen = 'left' | 'locked' | 'unlocked'

/** However full screen is left, the keys are the browser's again. */
const unlockOutside = () => {
  if (!document.fullscreenElement) navigator.keyboard?.unlock()
}

export async function toggleFullScreen(): Promise<FullScreen> {
  if (document.fullscreenElement) {
    await document.exitFullscreen()
    return 'left'
  }
  // The browser may refuse, as where a click is too long ago or the frame may not. The page then stays as it was.
  const entered = await document.documentElement.requestFullscreen().then(
    () => true,
    () => false,
  )
  if (!entered) return 'left'
  document.addEventListener('fullscreenchange', unlockOutside)
  const locked = await navigator.keyboard?.lock(lockedKeys).then(
    () => true,
    () => false,
  )
  return locked ? 'locked' : 'unlocked'
}
