import pino from 'pino'
import { beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { type Store, StoreError } from '../store/store.ts'
import { Replicas, type ReplicasOptions } from './registry.ts'

let clock: ManualClock
let store: Store
beforeEach(() => {
  clock = new ManualClock()
  store = new MemoryStore(clock)
})

/** Where a replica is reached */
const at = (id: string) => ({ host: `${id}.internal`, port: 8090 })

function replica(id: string) {
  let reachable = true
  let asked = 0
  const over = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (!reachable) throw new StoreError('The store gave no answer in 1000 ms.')
    return ask()
  }
  const way: ReplicasOptions['store'] = {
    join: (...args) => over(() => store.join(...args)),
    leave: (...args) => over(() => store.leave(...args)),
    members: (group) => {
      asked += 1
      return over(() => store.members(group))
    },
    publish: (...args) => over(() => store.publish(...args)),
    subscribe: (...args) => over(() => store.subscribe(...args)),
  }
  const self = { id, address: at(id) }
  const replicas = new Replicas({ store: way, self, log: pino({ level: 'silent' }), clock })
  return {
    replicas,
    asked: () => asked,
    reach: (can: boolean) => {
      reachable = can
    },
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advance(100)
    await settled()
  }
}

const ids = (of: readonly { id: string }[]) => of.map(({ id }) => id)

it('knows the others at once, and where they are', async () => {
  const [a, b] = [replica('a'), replica('b')]
  await a.replicas.start()
  await b.replicas.start()
  await settled()
  expect(ids(a.replicas.peers)).toEqual(['b'])
  expect(b.replicas.peers).toEqual([{ id: 'a', address: at('a'), draining: false }])
  expect(await a.replicas.addressOf('b')).toEqual(at('b'))
  expect(await a.replicas.addressOf('a')).toEqual(at('a'))
  await pass(60_000)
  expect(ids(a.replicas.peers)).toEqual(['b'])
})

it('forgets one that has died, after some seconds', async () => {
  const [a, b] = [replica('a'), replica('b')]
  await a.replicas.start()
  await b.replicas.start()
  b.reach(false)
  await pass(4_000)
  expect(await a.replicas.addressOf('b')).toEqual(at('b'))
  await pass(2_100)
  expect(a.replicas.others).toEqual([])
  expect(await a.replicas.addressOf('b')).toBeNull()
})

it('still reaches one that drains, and gives it no lines', async () => {
  const [a, b] = [replica('a'), replica('b')]
  await a.replicas.start()
  await b.replicas.start()
  await b.replicas.drain()
  await settled()
  expect(a.replicas.peers).toEqual([])
  expect(await a.replicas.addressOf('b')).toEqual(at('b'))
  await pass(10_000)
  expect(a.replicas.others).toEqual([{ id: 'b', address: at('b'), draining: true }])
  await b.replicas.unregister()
  await settled()
  expect(a.replicas.others).toEqual([])
  await pass(5_000)
  expect(await store.members('replicas')).toEqual(new Map([['a', expect.any(String)]]))
})

it('knows nobody while the store is away for long, and says so', async () => {
  const [a, b] = [replica('a'), replica('b')]
  await a.replicas.start()
  await b.replicas.start()
  await settled()
  a.reach(false)
  await pass(4_000)
  expect(ids(a.replicas.others)).toEqual(['b'])
  await pass(1_100)
  expect(a.replicas.others).toEqual([])
  await expect(a.replicas.addressOf('b')).rejects.toThrow(StoreError)
  a.reach(true)
  await pass(1_000)
  expect(ids(a.replicas.others)).toEqual(['b'])
})

it('asks the store once for all pages of a replica that is gone', async () => {
  const a = replica('a')
  await a.replicas.start()
  await pass(500)
  const before = a.asked()
  const found = await Promise.all(Array.from({ length: 100 }, () => a.replicas.addressOf('gone')))
  expect(new Set(found)).toEqual(new Set([null]))
  expect(await a.replicas.addressOf('gone')).toBeNull()
  expect(a.asked()).toBe(before + 1)
})

it('leaves alone what a newer version says', async () => {
  const a = replica('a')
  await a.replicas.start()
  await store.join('replicas', 'new', '{"where":"elsewhere"}', 60_000)
  await store.join('replicas', 'newer', '{"address":"/run/socket","draining":false}', 60_000)
  await store.publish('replicas', '{"from":"new","message":{"kind":"unknown"}}')
  await store.publish('replicas', 'no JSON')
  await pass(2_000)
  expect(a.replicas.others).toEqual([])
})
