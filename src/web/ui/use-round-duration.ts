import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { roundDuration } from './duration.ts'

/** Writes ms as `12 s`, `5 min`, `3 h` or `4 d`, in the page's language. */
export function useRoundDuration(): (ms: number) => string {
  const t = useTranslations('durations')
  return useCallback(
    (ms) => {
      const { unit, n } = roundDuration(ms)
      return t(unit, { n })
    },
    [t],
  )
}
