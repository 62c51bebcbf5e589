import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import { startGateway, writeForEver } from './hostile-gateway.ts'
import { joinSilently, messageFrame, rawFrame, repeated, writeFor } from './raw-viewer.ts'
import { issueTicket, startRelay } from './relay-lines.ts'
import { report } from './report.ts'

// Attacks the relay as a viewer, and as a gateway, for so many seconds each. Every figure has a bound.

const SECONDS = Number(process.argv[2] ?? 20)
const MS = SECONDS * 1000
const MIB = 1024 * 1024
const bench = 'viewers'

type Relay = Awaited<ReturnType<typeof startRelay>>

function result(metric: string, value: number, unit: string, target: number): void {
  report({ bench, metric, value, unit, target, pass: value <= target })
}

/** @returns MiB that the relay's process grew by */
async function grownBy(relay: Relay, attack: () => Promise<unknown>): Promise<number> {
  const before = await relay.rss()
  await attack()
  return ((await relay.rss()) - before) / MIB
}

const silent = () => startGateway(() => {})
/** Serial bytes of a server: one frame of 64 KiB less one */
const output = Buffer.concat([Buffer.of(0x82, 126, 0xff, 0xff), Buffer.alloc(65_535, 'x')])

async function withRelay(
  gateway: string,
  run: (relay: Relay) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const relay = await startRelay(gateway, settings)
  try {
    // What a process loads once is loaded before the measurement.
    ;(await relay.join(100)).send('x')
    await run(relay)
  } finally {
    relay.stop()
  }
}

for (const [what, frame] of [
  ['empty frames', rawFrame('binary')],
  ['keys that it may not type', rawFrame('binary', 'x')],
  ['pings', rawFrame('ping', 'x'.repeat(125))],
] as const) {
  await withRelay(await silent(), async (relay) => {
    await relay.join(0)
    const viewer = await joinSilently(relay.origin, relay.idOf(0), 'never-reads')
    const frames = repeated(frame, 1_000)
    const grown = await grownBy(relay, () => writeFor(viewer, MS, () => frames))
    result(`memory after ${SECONDS} s of a viewer that sends ${what} and never reads`, grown, 'MiB', 32)
    viewer.destroy()
  })
}

await withRelay(await silent(), async (relay) => {
  const { origin, idOf } = relay
  const server = idOf(0)
  await relay.join(0)
  const viewers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => joinSilently(origin, server, `never-reads-${index}`)),
  )
  let joins = 0
  const comeAndGo = async (ms: number) => {
    const until = performance.now() + ms
    while (performance.now() < until) {
      const viewer = await joinSilently(origin, server, `comes-and-goes-${joins++ % 10}`).catch(() => null)
      viewer?.destroySoon()
      // The proxy's own limit is 10,000 tickets a minute here.
      await delay(10)
    }
  }
  const storm = (ms: number) => Promise.all([comeAndGo(ms), comeAndGo(ms), comeAndGo(ms)])
  // A process that answers many requests takes some memory once, and keeps it.
  await storm(MS)
  joins = 0
  const grown = await grownBy(relay, () => storm(MS))
  result(
    `memory after ${SECONDS} s of ${Math.round(joins / SECONDS)} joins a second before 20 viewers that never read`,
    grown,
    'MiB',
    32,
  )
  for (const viewer of viewers) viewer.destroy()
})

await withRelay(await silent(), async (relay) => {
  const { origin, idOf } = relay
  const watcher = await relay.join(0)
  const viewer = await joinSilently(origin, idOf(0), 'takes-and-releases')
  const pairs = repeated(
    Buffer.concat([messageFrame({ type: 'take' }), messageFrame({ type: 'release' })]),
    8_000,
  )
  const grown = await grownBy(relay, async () => {
    viewer.write(pairs)
    await delay(Math.min(MS, 5_000))
  })
  result('memory after 8,000 takes and releases of the keyboard', grown, 'MiB', 32)
  await watcher.close()
})

const folder = await mkdtemp(join(tmpdir(), 'bench-viewers-'))
await mkdir(join(folder, 'recordings'), { mode: 0o700 })
await withRelay(
  await silent(),
  async ({ origin, idOf }) => {
    const viewer = await joinSilently(origin, idOf(0), 'records-and-stops')
    for (let count = 0; count < 6_000; count++) {
      viewer.write(messageFrame({ type: 'record', on: count % 2 === 0 }))
    }
    await delay(Math.min(MS, 5_000))
    result(
      'files after a recording was started and stopped 3,000 times',
      (await readdir(join(folder, 'recordings'))).length,
      'files',
      40,
    )
    viewer.destroy()
    await delay(500)
  },
  { BMS_CONSOLE_RECORDINGS: 'on-demand', BMS_CONSOLE_RECORDINGS_DIR: join(folder, 'recordings') },
)

const pings = repeated(Buffer.concat([Buffer.of(0x89, 125), Buffer.alloc(125)]), 500)
await withRelay(await startGateway((socket) => writeForEver(socket, pings)), async (relay) => {
  const grown = await grownBy(relay, () => delay(MS))
  result(`memory after ${SECONDS} s of a gateway that pings and never reads`, grown, 'MiB', 32)
})

const log = join(folder, 'audit.log')
await withRelay(
  await silent(),
  async (relay) => {
    const { origin, idOf } = relay
    const tabs = await Promise.all(
      ['one', 'two'].map((name) => joinSilently(origin, idOf(0), `types-${name}`)),
    )
    const keys = rawFrame('binary', Buffer.alloc(65_535, 'x'))
    const grown = await grownBy(relay, async () => {
      // Each takes the keyboard from the other, as often as it may.
      const taking = setInterval(() => {
        for (const tab of tabs) tab.write(messageFrame({ type: 'take' }))
      }, 1_100)
      await Promise.all(tabs.map((tab) => writeFor(tab, MS, () => keys)))
      clearInterval(taking)
    })
    const what = 'of two tabs that type in turn into a gateway that reads nothing'
    result(`memory after ${SECONDS} s ${what}`, grown, 'MiB', 32)
    for (const tab of tabs) tab.destroy()
    // Its audit log has how much each of them typed.
    await relay.close()
    const typed = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => z.looseObject({ bytesIn: z.nullish(z.number()) }).parse(JSON.parse(line)).bytesIn ?? 0)
    const accepted = typed.reduce((sum, bytes) => sum + bytes, 0) / MIB
    // The kernel takes in some on the way to the gateway.
    result(`keys accepted in ${SECONDS} s ${what}`, accepted, 'MiB', 16)
  },
  { BMS_CONSOLE_AUDIT: 'file', BMS_CONSOLE_AUDIT_FILE: log },
)
await rm(folder, { recursive: true })

await withRelay(await startGateway((socket) => writeForEver(socket, output)), async (relay) => {
  const { origin, idOf } = relay
  // It came first, so it has the keyboard, and it acknowledges nothing.
  const writer = await joinSilently(origin, idOf(0), 'hangs')
  writer.resume()
  const watcher = await relay.join(0)
  let last = performance.now()
  let longest = 0
  watcher.onBytes = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  await delay(Math.max(MS, 12_000))
  longest = Math.max(longest, performance.now() - last)
  result(
    'longest silence of a flood for a second viewer, while the page of the writer hangs',
    longest,
    'ms',
    5_500,
  )
  writer.destroy()
})

await withRelay(
  await silent(),
  async ({ origin, idOf }) => {
    const asked = Array.from({ length: 300 }, (_, index) => issueTicket(origin, idOf(1_000 + index)))
    const issued = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled')
    // The one that warmed up the process is open, too.
    result(
      'consoles issued of 300 that one user asks for at once, where 50 are allowed',
      issued.length + 1,
      'consoles',
      50,
    )
  },
  { BMS_CONSOLE_MAX_SESSIONS_PER_USER: '50' },
)
process.exit()
