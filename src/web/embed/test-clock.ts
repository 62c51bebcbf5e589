import type { Clock } from './throttle.ts'

/** For tests: time that passes when it is told to. */
export function testClock(at = 0): Clock & { pass: (ms: number) => void } {
  let now = at
  let waiting: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    later(run, ms) {
      const timer = { at: now + ms, run }
      waiting.push(timer)
      return () => {
        waiting = waiting.filter((each) => each !== timer)
      }
    },
    pass(ms) {
      const end = now + ms
      for (;;) {
        const [next] = waiting.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        now = next.at
        waiting = waiting.filter((each) => each !== next)
        next.run()
      }
      now = end
    },
  }
}
