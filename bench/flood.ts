import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import * as z from 'zod'
import { addressOf, listeningGateway } from '../src/testing/gateway.ts'
import { kernelLog } from '../src/testing/kernel-log.ts'
import { startRelay } from './relay-lines.ts'
import { median, quantile, report } from './report.ts'
import { startUnwatched } from './unwatched.ts'

// Sends 1 GB over the relay and presses Ctrl+C in the page meanwhile. Measures how soon the gateway has the key, and how
// much memory relay and page need.

const bench = 'flood'
const FLOOD_BYTES = 1_000_000_000
/** What websockify reads at once from a busy serial port */
const FRAME_BYTES = 64 * 1024
const PRESSES = 200
/** By then the page's scrollback and the relay's ring are full, so memory should stop growing. */
const SETTLED_BYTES = FLOOD_BYTES / 5

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const log = Buffer.from(kernelLog(10_000_000), 'latin1')
let said = 0
let interrupted: (() => void) | null = null
const gateway = await listeningGateway()
gateway.on('connection', (viewer) => {
  // The first key starts the flood. Ctrl+C does not end it, so that each one meets it at full speed.
  viewer.once('message', () => void flood(viewer))
  viewer.on('message', (data: Buffer) => {
    if (data.includes(0x03)) interrupted?.()
  })
})

async function flood(viewer: WebSocket): Promise<void> {
  while (said < FLOOD_BYTES) {
    const at = said % log.length
    const frame = log.subarray(at, Math.min(log.length, at + FRAME_BYTES))
    said += frame.length
    const sent = new Promise<void>((resolve) => viewer.send(frame, () => resolve()))
    if (viewer.bufferedAmount > 256 * 1024) await sent
  }
}

const relay = await startRelay(addressOf(gateway))
const browser = await startUnwatched()
await browser.send('Performance.enable')
const Metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) })

/** @returns bytes in use now */
const sizes = {
  async relay() {
    const status = await readFile(`/proc/${relay.pid}/status`, 'latin1')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
  },
  async page() {
    const { metrics } = Metrics.parse(await browser.send('Performance.getMetrics'))
    return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN
  },
}
const peaks = { relay: { early: 0, late: 0 }, page: { early: 0, late: 0 } }
async function sample(): Promise<void> {
  const when = said < SETTLED_BYTES ? 'early' : 'late'
  for (const where of ['relay', 'page'] as const) {
    peaks[where][when] = Math.max(peaks[where][when], await sizes[where]())
  }
}

await browser.drive(async (page) => {
  await page.goto(`${relay.origin}/servers/server-0/console`)
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
})
const ctrlC = { key: 'c', code: 'KeyC', windowsVirtualKeyCode: 67, modifiers: 2 }
const times: number[] = []
const begun = performance.now()
let next = FLOOD_BYTES / (PRESSES + 1)
while (said < FLOOD_BYTES) {
  await sample()
  await delay(20)
  if (said < next || times.length === PRESSES) continue
  next += FLOOD_BYTES / (PRESSES + 1)
  const arrived = new Promise<void>((resolve) => {
    interrupted = resolve
  })
  const pressed = performance.now()
  // The figure includes the browser's automation. A person's key takes a shorter way.
  await Promise.all([
    arrived.then(() => times.push(performance.now() - pressed)),
    browser.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...ctrlC }),
  ])
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...ctrlC })
}
const seconds = (performance.now() - begun) / 1000
report({ bench, metric: 'flood into the page', value: said / 1e6 / seconds, unit: 'MB/s' })
report({ bench, metric: `Ctrl+C p50 of ${times.length} during the flood`, value: median(times), unit: 'ms' })
const p99 = quantile(times, 0.99)
report({
  bench,
  metric: `Ctrl+C p99 of ${times.length} during the flood`,
  value: p99,
  unit: 'ms',
  target: 100,
  pass: p99 < 100,
})
for (const [where, what] of [
  ['relay', 'resident memory of the relay'],
  ['page', 'JavaScript heap of the page'],
] as const) {
  const { early, late } = peaks[where]
  report({
    bench,
    metric: `peak ${what} after the first 200 MB of 1 GB, against that before`,
    value: late / 2 ** 20,
    unit: 'MiB',
    reference: early / 2 ** 20,
    ratio: late / early,
    target: 1.5,
    pass: late <= 1.5 * early,
  })
}
await browser.close()
relay.stop()
for (const viewer of gateway.clients) viewer.terminate()
gateway.close()
