import type { Clock } from '../../shared/clock.ts'

/**
 * Passes values on, at most one every `ms`. The first passes at once. Of those that follow in between, the last passes
 * when the time is over.
 * @returns takes a value
 */
export function throttled<T>(emit: (value: T) => void, ms: number, clock: Clock): (value: T) => void {
  let freeAt = Number.NEGATIVE_INFINITY
  let latest: { value: T } | null = null
  const pass = (value: T) => {
    freeAt = clock.now() + ms
    emit(value)
  }
  return (value) => {
    if (latest) {
      latest.value = value
      return
    }
    const wait = freeAt - clock.now()
    if (wait <= 0) return pass(value)
    latest = { value }
    clock.after(wait, () => {
      const last = latest
      latest = null
      if (last) pass(last.value)
    })
  }
}
