import { readFileSync, readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'

/** @returns this thread's number, as Linux gives one to each; 0 elsewhere */
export function threadNumber(): number {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')))
  } catch {
    return 0
  }
}

/** Consoles come first: where the processors are busy, this thread gets about a tenth of the time. */
export function lowerPriority(): void {
  const thread = threadNumber()
  // Elsewhere all threads are alike, and 0 would be the whole process.
  if (thread === 0) return
  try {
    // Linux names a thread like a process.
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A filter of system calls may forbid it.
  }
}

/**
 * @param thread number of a thread of this process
 * @returns how long it has had a core since it began, ms; null where the system does not say
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 */
export function coreTime(thread: number): number | null {
  try {
    const [ran] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')
    return Number(ran) / 1e6
  } catch {
    return null
  }
}
