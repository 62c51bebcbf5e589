import type { Clock } from '../../shared/clock.ts'

/** How long before a bearer expires a new ticket is asked for. */
const WARNING_MS = 60_000
/** How often the clock is looked at. One long timer would be late after the machine has slept. */
const CHECK_MS = 15_000

/** The time for which a bearer is good, and the age that it has. Both in ms. */
export interface Lease {
  ms: number
  age: () => number
}

export interface LeaseHandlers {
  /** A new ticket is needed. @param left tells how many ms there still are */
  onExpiring: (left: () => number) => void
  onExpired: () => void
}

/**
 * Watches a lease. The warning always comes, also where the end is noticed after a sleep: the host page's new ticket
 * then opens the console again.
 * @returns stops watching
 */
export function watchLease({ ms, age }: Lease, handlers: LeaseHandlers, clock: Clock): () => void {
  const left = () => Math.max(0, ms - age())
  const untilWarning = () => left() - WARNING_MS
  let warned = false
  let stop = () => {}
  const check = () => {
    if (untilWarning() <= 0 && !warned) {
      warned = true
      handlers.onExpiring(left)
    }
    if (left() <= 0) return handlers.onExpired()
    stop = clock.after(Math.min(CHECK_MS, untilWarning() > 0 ? untilWarning() : left()), check)
  }
  // Not at once: where leases are shorter than the warning, each renewal would ask for the next one without a pause.
  stop = clock.after(untilWarning() > 0 ? Math.min(CHECK_MS, untilWarning()) : CHECK_MS, check)
  return () => stop()
}
