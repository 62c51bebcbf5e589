import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { getHeapSpaceStatistics } from 'node:v8'
import { probe } from './probe.js'

// Loaded into the server's process before its program, which knows nothing of it. It is plain JavaScript, since nothing
// is to change the program on its way: what runs tests gives each function a name, and that costs 256 bytes of each.

/** As if the machine's clock were set. */
function setClock(byMs) {
  const before = Date.now
  Date.now = () => before() + byMs
}

const youngBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.physical_space_size ?? 0

/** The system's own count (proc_pid_status(5)), where it has one: `maxRSS` also counts who started the process. */
function peakBytes() {
  try {
    const [, kib] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    return kib === undefined ? null : Number(kib) * 1024
  } catch {
    return null
  }
}

process.on('message', async (order) => {
  if (order.do === 'set-clock') setClock(order.byMs)
  // Finalizers of one collection free what the next one finds.
  for (let round = 0; order.collect && round < 3; round++) {
    globalThis.gc?.()
    await delay(200)
  }
  const rss = process.memoryUsage.rss()
  process.send?.({ rss, peak: peakBytes() ?? rss, youngBytes: youngBytes(), probed: probe() })
})
process.on('disconnect', () => process.exit())

// The program has no word for those who started it. It is ready when it answers.
const ready = async () => {
  const response = await fetch(`http://127.0.0.1:${process.env.BMS_CONSOLE_PORT}/readyz`).catch(() => null)
  if (response?.ok) process.send?.('ready')
  else setTimeout(ready, 50)
}
ready()
