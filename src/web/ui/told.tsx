import { useEffect, useState } from 'react'

/** As long one short sentence stays. */
const TOLD_MS = 6_000

/** One short sentence on what just happened, for a moment. */
export function useTold(): [told: string | null, tell: (sentence: string) => void] {
  const [told, setTold] = useState<string | null>(null)
  useEffect(() => {
    if (told === null) return
    const timer = setTimeout(() => setTold(null), TOLD_MS)
    return () => clearTimeout(timer)
  }, [told])
  return [told, setTold]
}
