import { readFileSync } from 'node:fs'
import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'

// Says of the process that it is loaded into where its time went. It is plain JavaScript for the sake of in-relay.js.

const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()

/** By what V8 did */
const kinds = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak'],
])
const none = () => ({ times: 0, ms: 0, longestMs: 0 })
const noPauses = () => Object.fromEntries([...kinds.values()].map((kind) => [kind, none()]))
let pauses = noPauses()
const count = (entries) => {
  for (const { detail, duration } of entries) {
    const of = pauses[kinds.get(detail.kind)]
    if (!of) continue
    of.times += 1
    of.ms += duration
    of.longestMs = Math.max(of.longestMs, duration)
  }
}
const collections = new PerformanceObserver((list) => count(list.getEntries()))
collections.observe({ entryTypes: ['gc'] })

/** How long the main thread was ready to run and had no core, ms since its start; NaN where the system does not say */
function coreWaitMs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return Number.NaN
  }
}

let waitBefore = coreWaitMs()

/** @returns what happened since the last call */
export function probe() {
  count(collections.takeRecords())
  const waited = coreWaitMs()
  const { user, system } = process.cpuUsage()
  const seen = {
    cpuMs: (user + system) / 1000,
    longestMs: loop.max / 1e6,
    lateMs: loop.percentile(99) / 1e6,
    coreWaitMs: waited - waitBefore,
    pauses,
  }
  waitBefore = waited
  pauses = noPauses()
  loop.reset()
  return seen
}
