/** As long without a touch, what the page asks is asked by itself. */
export const IDLE_MS = 60_000

const inputs = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'] as const

/**
 * Whether somebody is at the page. Keys of the terminal count: they are heard before it takes them.
 * @param now ms
 */
export function watchActivity(target: Pick<EventTarget, 'addEventListener'>, now: () => number) {
  let last = now()
  const touched = () => {
    last = now()
  }
  for (const input of inputs) target.addEventListener(input, touched, { capture: true, passive: true })
  return { idle: () => now() - last >= IDLE_MS }
}
