import type { Clock } from '../../shared/clock.ts'

/** How long before a bearer expires a new ticket is asked for. */
const WARNING_MS = 60_000
/** How often the clock is looked at. One long timer would be late after the machine has slept. */
const CHECK_MS = 15_000

export interface LeaseHandlers {
  /** A new ticket is needed by `endsAt`, ms since the epoch. */
  onExpiring: (endsAt: number) => void
  onExpired: () => void
}

/**
 * Watches the time for which a bearer is valid.
 * @returns stops watching
 */
export function watchLease(endsAt: number, handlers: LeaseHandlers, clock: Clock): () => void {
  let warned = false
  let stop = () => {}
  const check = () => {
    const left = endsAt - clock.now()
    if (left <= 0) return handlers.onExpired()
    if (left <= WARNING_MS && !warned) {
      warned = true
      handlers.onExpiring(endsAt)
    }
    stop = clock.after(Math.min(CHECK_MS, left > WARNING_MS ? left - WARNING_MS : left), check)
  }
  // Not at once: if this machine's clock is far ahead, each renewal would ask for the next one without a pause.
  stop = clock.after(Math.min(CHECK_MS, Math.max(0, endsAt - WARNING_MS - clock.now()) || CHECK_MS), check)
  return () => stop()
}
