import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { systemClock } from '../../shared/clock.ts'
import { failureOf } from '../api/client.ts'
import { LogReading } from './log-reading.ts'
import { readLines } from './queries.ts'

/** Where the page was asked to begin. Neither: at the end. */
export interface Place {
  from: number | undefined
  boot: string | undefined
}

/** The log at this place, as far as it was read. `again` reads it anew. */
export function useLog(serverId: string, { from, boot }: Place) {
  const [reading] = useState(
    () =>
      new LogReading({
        ask: (place, signal) => readLines(serverId, place, signal),
        failureOf,
        clock: systemClock,
      }),
  )
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    void asked
    void reading.open({ from, boot })
    return () => reading.close()
  }, [reading, from, boot, asked])
  const state = useSyncExternalStore(reading.subscribe, reading.state)
  const again = useCallback(() => setAsked((count) => count + 1), [])
  return { reading, state, again }
}

const onVisibility = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

/** Whether anybody can see the page. */
export const useVisible = (): boolean =>
  useSyncExternalStore(onVisibility, () => document.visibilityState === 'visible')
