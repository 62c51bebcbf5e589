const MAX_BACKOFF_MS = 30_000

/**
 * The waits begin anew after a connection that lasted as long as the longest of them. A gateway that says a line and
 * closes would otherwise be asked for one link after another.
 */
export const GOOD_MS = MAX_BACKOFF_MS

/**
 * The wait before another try: at most 1, 2, 4 … 30 s, and any part of that at random (full jitter). Many clients that
 * failed together then return one by one.
 * @param attempt failed tries since the last success, from 0
 * @param random 0 to 1; 0 gives the longest wait
 * @returns ms
 */
export function backoff(attempt: number, random: number): number {
  const longest = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** Math.min(attempt, 10))
  return longest * (1 - random)
}
