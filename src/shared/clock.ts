/** Code that waits or reads the time is given a clock, so that a test can advance it. */
export interface Clock {
  /** Epoch ms */
  now(): number
  /** Runs once after `ms`. The returned function cancels it. Waiting does not keep the process alive. */
  after(ms: number, run: () => void): () => void
}

/** Cancels nothing. One function for all who have no timer: there are thousands of them. */
export const noTimer = (): void => {}

/** The machine's clock, comparable with other machines'. An administrator may set it forward or back. */
export const systemClock: Clock = { now: () => Date.now(), after }

/** Measures durations: it never goes back, and setting the machine's clock does not change it. */
export const steadyClock: Clock = { now: () => performance.timeOrigin + performance.now(), after }

export type Now = Pick<Clock, 'now'>

/** A point in time, read from both clocks. Only the time between two moments means anything. */
export interface Moment {
  wall: number
  steady: number
}

export const momentBy = (wall: Now = systemClock, steady: Now = steadyClock): Moment => ({
  wall: wall.now(),
  steady: steady.now(),
})

/**
 * The ms between two moments. No clock alone will do: a steady one may stand still while the machine sleeps, and a wall
 * clock may be set back. The larger of the two ages counts.
 */
export const ageBetween = (from: Moment, to: Moment): number =>
  Math.max(to.wall - from.wall, to.steady - from.steady)

/**
 * Starts to measure an age. A duration that crosses the wire is measured by whoever receives it, so nothing depends on
 * two machines that agree about the time.
 * @returns tells how many ms have passed since
 */
export function startAge(wall: Now = systemClock, steady: Now = steadyClock): () => number {
  const start = momentBy(wall, steady)
  return () => ageBetween(start, momentBy(wall, steady))
}

/** `setTimeout` takes 32 bits only. */
const LONGEST_MS = 2 ** 31 - 1

function after(ms: number, run: () => void): () => void {
  if (ms > LONGEST_MS) return afterLong(ms, run)
  // Each line has several timers, and each key sets one: nothing more is made for it than this.
  const timer = setTimeout(run, ms)
  release(timer)
  return () => clearTimeout(timer)
}

function afterLong(ms: number, run: () => void): () => void {
  let cancel = after(LONGEST_MS, () => {
    cancel = after(ms - LONGEST_MS, run)
  })
  return () => cancel()
}

/** Node's timer keeps the process alive until it is released. A browser's is a number. */
function release(timer: number | { unref(): unknown }): void {
  if (typeof timer === 'object') timer.unref()
}

/** Runs again and again; the result ends it. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel: () => void
  const next = () => {
    cancel = clock.after(ms, () => {
      next()
      run()
    })
  }
  next()
  return () => cancel()
}
