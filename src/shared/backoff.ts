const MAX_BACKOFF_MS = 30_000

/**
 * The wait before another try: 1, 2, 4 … 30 s. Up to a quarter is taken off at random, so that many clients do not
 * return at once.
 * @param attempt failed tries since the last success, from 0
 * @param random 0 to 1
 * @returns ms
 */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** Math.min(attempt, 10))
  return full * (1 - random / 4)
}
