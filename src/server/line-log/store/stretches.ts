import type { Stretch } from './store.ts'

/** What several pieces have together: stretches in order, and apart. */
export function stretchesOf(pieces: readonly { from: number; bytes: number }[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const { from, bytes } of pieces.toSorted((a, b) => a.from - b.from)) {
    if (bytes === 0) continue
    const last = stretches.at(-1)
    if (last && last.to >= from) last.to = Math.max(last.to, from + bytes)
    else stretches.push({ from, to: from + bytes })
  }
  return stretches
}
