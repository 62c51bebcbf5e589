import type { Clock } from './throttle.ts'

/** So long before its end a new ticket is asked for. */
const WARNING_MS = 60_000
/** A timer that has slept, as the machine did, is late: it looks at the clock as often. */
const LOOK_MS = 15_000

export interface LeaseHandlers {
  /** A new ticket is needed by `endsAt`, ms since the epoch. */
  onExpiring: (endsAt: number) => void
  onOver: () => void
}

/**
 * The time for which a bearer is good.
 * @returns ends the watch
 */
export function watchLease(endsAt: number, handlers: LeaseHandlers, clock: Clock): () => void {
  let warned = false
  let stop = () => {}
  const look = () => {
    const left = endsAt - clock.now()
    if (left <= 0) return handlers.onOver()
    if (left <= WARNING_MS && !warned) {
      warned = true
      handlers.onExpiring(endsAt)
    }
    stop = clock.later(look, Math.min(LOOK_MS, left > WARNING_MS ? left - WARNING_MS : left))
  }
  // Not at once: where this machine's clock is far ahead, asking and renewing would chase each other.
  stop = clock.later(look, Math.min(LOOK_MS, Math.max(0, endsAt - WARNING_MS - clock.now()) || LOOK_MS))
  return () => stop()
}
