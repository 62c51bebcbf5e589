import type { Clock } from '../../../shared/clock.ts'

/** A timer may stand still while the machine sleeps, so the age is looked at this often. */
const CHECK_MS = 1_000

/**
 * Runs once a wait is over, by the timer or by the age, whichever is first.
 * @returns cancels it
 */
export function waitOut(clock: Clock, ms: number, age: () => number, run: () => void): () => void {
  let cancel: () => void
  const wait = (left: number) => {
    const step = Math.min(CHECK_MS, left)
    cancel = clock.after(step, () => (step >= left || age() >= ms ? run() : wait(left - step)))
  }
  wait(ms)
  return () => cancel()
}
