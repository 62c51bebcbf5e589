/** Time, as a test can turn it; ms. */
export interface Clock {
  now(): number
  /** @returns takes it back */
  later(run: () => void, ms: number): () => void
}

export const pageClock: Clock = {
  now: () => Date.now(),
  later(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * Passes values on no faster than one in `ms`: the first at once, of those in between the last.
 * @returns takes a value
 */
export function throttled<T>(emit: (value: T) => void, ms: number, clock: Clock): (value: T) => void {
  let freeAt = Number.NEGATIVE_INFINITY
  let held: { value: T } | null = null
  const pass = (value: T) => {
    freeAt = clock.now() + ms
    emit(value)
  }
  return (value) => {
    if (held) {
      held.value = value
      return
    }
    const wait = freeAt - clock.now()
    if (wait <= 0) return pass(value)
    held = { value }
    clock.later(() => {
      const last = held
      held = null
      if (last) pass(last.value)
    }, wait)
  }
}
