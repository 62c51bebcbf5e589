import { useState } from 'react'
import { useNow } from 'use-intl'
import { startAge } from '../../shared/clock.ts'
import { formatDuration } from './duration.ts'

interface CountdownProps {
  /** From now on. Give the element another key when they are another duration. */
  seconds: number
  /** @param time what is left, e.g. `9:59` */
  waiting: (time: string) => string
  over: string
  className?: string | undefined
}

/** Counts down until another try makes sense. */
export function Countdown({ seconds, waiting, over, className }: CountdownProps) {
  const [age] = useState(() => startAge())
  // Draws it again.
  useNow({ updateInterval: 500 })
  const left = Math.max(0, Math.ceil(seconds - age() / 1000))
  return <span className={className}>{left > 0 ? waiting(formatDuration(left)) : over}</span>
}
