import { type Clock, startAge, systemClock } from '../../shared/clock.ts'

/** After this long without input, the page's requests count as its own and not as a person's. */
export const IDLE_MS = 60_000

const inputs = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'] as const

/** Watches whether a person is at the page. */
export function createActivity(clock: Clock) {
  let age = startAge(clock)
  const touched = () => {
    age = startAge(clock)
  }
  return {
    /** Keys in the terminal count too: they are seen here before the terminal takes them. */
    watch(target: Pick<EventTarget, 'addEventListener'>): void {
      for (const input of inputs) target.addEventListener(input, touched, { capture: true, passive: true })
    },
    idle: () => age() >= IDLE_MS,
  }
}

/** The page's own. It watches from the start. */
export const activity = createActivity(systemClock)
