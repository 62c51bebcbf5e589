import { useState } from 'react'
import { useNow } from 'use-intl'
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
  const now = useNow({ updateInterval: 500 }).getTime()
  const [until] = useState(() => Date.now() + seconds * 1000)
  const left = Math.max(0, Math.ceil((until - now) / 1000))
  return <span className={className}>{left > 0 ? waiting(formatDuration(left)) : over}</span>
}
