import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../../testing/line-log.ts'
import { startLoki } from '../../testing/loki.ts'
import { Masks } from './masks/masks.ts'
import { tellCounts } from './masks/tell-counts.ts'
import { withOutlets } from './outlets.ts'
import type { LineStore } from './store/store.ts'

const line = { server: { id: 'a', name: 'db-1' }, project: null }
const masks = new Masks([{ line: 7, pattern: 'password: (\\S+)' }])
const silent = pino({ level: 'silent' })
const clock = new ManualClock()

let loki: Awaited<ReturnType<typeof startLoki>>
beforeEach(async () => {
  loki = await startLoki()
})
afterEach(() => loki.close())

async function say(store: LineStore | null, text: string) {
  const writer = await store?.open(line)
  writer?.append(Buffer.from(text), clock.now())
  writer?.close()
  return writer?.end
}
const shipped = () =>
  loki.pushes.flatMap(({ streams }) => streams.flatMap(({ values }) => values.map(([, text]) => text)))

it('are none where lines go nowhere', () => {
  expect(withOutlets(null, { masks, ship: null, fetch, log: silent, clock })).toBeNull()
})

it('mask what is kept and what is shipped, and log how often', async () => {
  const kept = new MemoryStore()
  const logged: { masks?: unknown }[] = []
  const log = pino({ level: 'info' }, { write: (text) => logged.push(JSON.parse(text)) })
  const ship = { to: 'loki' as const, url: loki.url, token: null, tenant: null }
  const store = withOutlets(kept, { masks, ship, fetch, log, clock })
  const tellLast = tellCounts(masks, { log, clock })
  expect(await say(store, 'password: hunter2\r\n')).toBe(19)
  clock.advance(3_600_000)
  await store?.close()
  tellLast()
  expect((await kept.line(line).read(0, 100)).bytes.toString()).toBe('password: *******\r\n')
  expect(shipped()).toEqual(['password: *******'])
  expect(logged.map(({ masks: counts }) => counts).filter(Boolean)).toEqual([
    [{ line: 7, matches: 1 }],
    [{ line: 7, matches: 1 }],
  ])
  expect(kept.closed).toBe(true)
})

it('ship also where nothing is kept', async () => {
  const ship = { to: 'loki' as const, url: loki.url, token: null, tenant: null }
  const store = withOutlets(null, { masks: null, ship, fetch, log: silent, clock })
  expect(await say(store, 'one\n')).toBe(4)
  expect(await store?.tail('a', 10)).toBeNull()
  expect(store?.reader('a')).toBeNull()
  expect(store?.lines()).toEqual([])
  await store?.close()
  expect(shipped()).toEqual(['one'])
})
