/** Time. What waits, or looks at the time, is given a clock, so that a test can turn it. */
export interface Clock {
  /** Epoch ms */
  now(): number
  /** Runs once after `ms`; the result cancels it. A wait alone does not keep the process alive. */
  after(ms: number, run: () => void): () => void
}

/** The machine's clock, as other machines read theirs. An administrator may set it forward or back. */
export const systemClock: Clock = { now: () => Date.now(), after }

/** Never goes back, so durations are measured with it. It does not follow the machine's clock when that is set. */
export const steadyClock: Clock = { now: () => performance.timeOrigin + performance.now(), after }

/** `setTimeout` counts in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1

function after(ms: number, run: () => void): () => void {
  let cancel: () => void
  const wait = (left: number) => {
    const timer = setTimeout(
      () => (left > LONGEST_MS ? wait(left - LONGEST_MS) : run()),
      Math.min(left, LONGEST_MS),
    )
    // In a browser a timer is a number.
    if (typeof timer === 'object') timer.unref()
    cancel = () => clearTimeout(timer)
  }
  wait(ms)
  return () => cancel()
}
