import { useEffect, useState } from 'react'

/** How long a sentence stays on the page. */
const SHOWN_MS = 6_000

/** One short sentence about what just happened. It goes away by itself. */
export function useAnnouncement(): [sentence: string | null, announce: (sentence: string) => void] {
  const [sentence, announce] = useState<string | null>(null)
  useEffect(() => {
    if (sentence === null) return
    const timer = setTimeout(() => announce(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [sentence])
  return [sentence, announce]
}
