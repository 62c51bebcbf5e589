/** How long to wait before asking for a ticket again, ms; null when it would come too late. */
export function nextTry(tries: number, now: number, expiresAt: number): number | null {
  const wait = Math.min(1_000 * 2 ** tries, 15_000)
  return now + wait < expiresAt ? wait : null
}
