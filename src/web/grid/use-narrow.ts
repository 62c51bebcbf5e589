import { useSyncExternalStore } from 'react'

const narrow = window.matchMedia('(max-width: 760px), (max-height: 500px)')

const subscribe = (listener: () => void) => {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

/** A page that has room for one console only. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => narrow.matches)
