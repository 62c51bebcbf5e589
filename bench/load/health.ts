import { setTimeout as delay } from 'node:timers/promises'

const ASK_MS = 10

/** Asks for health again and again. @returns what ends it, and tells the longest wait, ms */
export function watchHealth(origin: string): () => Promise<{ longest: number; refused: number }> {
  const seen = { longest: 0, refused: 0 }
  let watching = true
  const watched = (async () => {
    while (watching) {
      const begun = performance.now()
      const response = await fetch(`${origin}/healthz`)
      await response.text()
      seen.longest = Math.max(seen.longest, performance.now() - begun)
      if (!response.ok) seen.refused += 1
      await delay(ASK_MS)
    }
  })()
  return async () => {
    watching = false
    await watched
    return seen
  }
}
