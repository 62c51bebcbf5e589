/** After this long without input, the page's requests count as its own and not as a person's. */
export const IDLE_MS = 60_000

const inputs = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'] as const

/**
 * Watches whether a person is at the page.
 * @param now the time, in ms
 */
export function createActivity(now: () => number) {
  let last = now()
  const touched = () => {
    last = now()
  }
  return {
    /** Keys in the terminal count too: they are seen here before the terminal takes them. */
    watch(target: Pick<EventTarget, 'addEventListener'>): void {
      for (const input of inputs) target.addEventListener(input, touched, { capture: true, passive: true })
    },
    idle: () => now() - last >= IDLE_MS,
  }
}

/** The page's own. It watches from the start. */
export const activity = createActivity(Date.now)
