/** As long without a touch, what the page asks is asked by itself. */
export const IDLE_MS = 60_000

const inputs = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'] as const

/**
 * Whether somebody is at the page.
 * @param now ms
 */
export function createActivity(now: () => number) {
  let last = now()
  const touched = () => {
    last = now()
  }
  return {
    /** Keys of the terminal count: they are heard before it takes them. */
    watch(target: Pick<EventTarget, 'addEventListener'>): void {
      for (const input of inputs) target.addEventListener(input, touched, { capture: true, passive: true })
    },
    idle: () => now() - last >= IDLE_MS,
  }
}

/** The page's own, which watches from its start on. */
export const activity = createActivity(Date.now)
