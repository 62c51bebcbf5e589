import pino from 'pino'
import { SharedTail } from '../src/server/line-log/shared-tail.ts'
import { readSharedTail } from '../src/server/line-log/tail-facts.ts'
import { LeaseKeeper } from '../src/server/replicas/lease-keeper.ts'
import { RedisStore } from '../src/server/store/redis-store.ts'
import { steadyClock } from '../src/shared/clock.ts'
import { leased } from '../src/testing/leased.ts'
import { startRedis } from '../src/testing/redis.ts'

// What a replica pays for the store that it shares: leases of many lines, tails of one that floods and of many that echo
// keys. Processor time is that of this process alone, so it has the client's part and none of Redis'.

const LINES = Number(process.env.LINES ?? 5_000)
const SECONDS = Number(process.env.SECONDS ?? 8)
const KEPT = 1024 * 1024

const redis = await startRedis()
const store = await RedisStore.open({ url: redis.url, log: pino({ level: 'silent' }), settlingMs: 0 })

/** Processor time in % of a core, and the longest wait of the event loop, while so many seconds pass */
async function measured(what: string, during: () => Promise<string>): Promise<void> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  let late = 0
  let last = began
  const look = setInterval(() => {
    const now = performance.now()
    late = Math.max(late, now - last - 5)
    last = now
  }, 5)
  const result = await during()
  clearInterval(look)
  const { user, system } = process.cpuUsage(cpu)
  const percent = ((user + system) / 10 / (performance.now() - began)).toFixed(1)
  console.log(`${what}: ${percent} % of a core, at most ${late.toFixed(0)} ms late${result}`)
}

const seconds = (s: number) => new Promise<void>((resolve) => setTimeout(resolve, s * 1_000))

await measured('nothing', async () => {
  await seconds(3)
  return ''
})

const keeper = new LeaseKeeper({ store, holder: 'bench' })
let lost = 0
for (let n = 0; n < LINES; n++) await keeper.take(`line:${n}`, () => (lost += 1))
await measured(`${LINES} leases renewed each second`, async () => {
  await seconds(SECONDS)
  return `, ${lost} lost`
})
await keeper.close()

/** 64 KiB at a time, at this rate, with or without a tail */
async function flood(tail: SharedTail | null): Promise<string> {
  const began = performance.now()
  let said = 0
  while (performance.now() - began < SECONDS * 1_000) {
    const due = ((performance.now() - began) / 1_000) * 50e6
    while (said < due) {
      const bytes = Buffer.alloc(64 * 1024, said)
      tail?.append(bytes, Date.now())
      said += bytes.length
    }
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return `, ${(said / 1e6 / SECONDS).toFixed(0)} MB/s`
}

const tailOf = async (name: string) => {
  const lease = await leased(store, name, 'bench')
  return new SharedTail({ store, name, lease, tail: null, keptBytes: KEPT, clock: steadyClock })
}

await measured('one line at 50 MB/s, without a tail', () => flood(null))
const tail = await tailOf('flood')
await measured('one line at 50 MB/s, with its tail', async () => {
  const result = await flood(tail)
  await tail.flush()
  const kept = await readSharedTail(store, 'flood')
  return `${result}, ${kept?.bytes.length} bytes kept, ${kept && kept.from + kept.bytes.length === tail.end ? 'to the end' : 'NOT to the end'}`
})
tail.close()

const keys = Number(process.env.KEYS ?? 2_000)
const tails = await Promise.all(Array.from({ length: keys }, (_, n) => tailOf(`keys:${n}`)))
await measured(`${keys} lines of one key a second`, async () => {
  const began = performance.now()
  let said = 0
  while (performance.now() - began < SECONDS * 1_000) {
    for (const due = ((performance.now() - began) / 1_000) * keys; said < due; said++)
      tails[said % keys]?.append(Buffer.from('x'), Date.now())
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return ''
})
for (const each of tails) each.close()
await Promise.all(tails.map((each) => each.flush()))
await store.close()
await redis.stop()
