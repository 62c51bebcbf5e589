import { vi } from 'vitest'

/**
 * From now on everybody's time passes so many times as fast: waits of half a minute need a second. All clocks agree, so
 * nobody notices. The network and the processor do not hurry, so they seem slow.
 */
export function scaleTime(factor: number): void {
  const { setTimeout: wait, setInterval: repeat } = globalThis
  const steady = performance.now.bind(performance)
  const wall = Date.now.bind(Date)
  const [steadyStart, wallStart] = [steady(), wall()]
  vi.spyOn(performance, 'now').mockImplementation(() => steadyStart + (steady() - steadyStart) * factor)
  vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(wallStart + (wall() - wallStart) * factor))
  type Run = (...given: unknown[]) => void
  vi.stubGlobal('setTimeout', (run: Run, ms = 0, ...given: unknown[]) => wait(run, ms / factor, ...given))
  vi.stubGlobal('setInterval', (run: Run, ms = 0, ...given: unknown[]) => repeat(run, ms / factor, ...given))
}

/** Time passes as everywhere. */
export function realTime(): void {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
}
