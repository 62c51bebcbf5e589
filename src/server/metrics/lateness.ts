import type { Clock } from '../../shared/clock.ts'
import type { Meter } from './meter.ts'

const EVERY_MS = 100

/** Tells ten times a second how late the event loop is. @returns ends it */
export function tellLateness(meter: Pick<Meter, 'late'>, clock: Clock): () => void {
  let cancel: () => void
  const next = () => {
    const due = clock.now() + EVERY_MS
    cancel = clock.after(EVERY_MS, () => {
      // A timer may come a fraction of a millisecond early.
      meter.late(Math.max(0, clock.now() - due))
      next()
    })
  }
  next()
  return () => cancel()
}
