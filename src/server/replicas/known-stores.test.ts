import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { StoreError } from '../store/store.ts'
import { KnownStores } from './known-stores.ts'

const HOUR = 60 * 60_000

it('knows the stores of those that were there within a week', async () => {
  const clock = new ManualClock(0)
  const shared = new MemoryStore(clock)
  const [a, b] = [
    new KnownStores(shared, 'log-stores', 'a', clock),
    new KnownStores(shared, 'log-stores', 'b', clock),
  ]
  expect(await a.names()).toEqual(new Set(['a', 'b']))
  b.close()
  clock.advance(6 * 24 * HOUR)
  expect(await a.names()).toEqual(new Set(['a', 'b']))
  clock.advance(2 * 24 * HOUR)
  expect(await a.names()).toEqual(new Set(['a']))
  a.close()
})

it('tells apart what they keep', async () => {
  const clock = new ManualClock(0)
  const shared = new MemoryStore(clock)
  const logs = new KnownStores(shared, 'log-stores', 'a', clock)
  const recordings = new KnownStores(shared, 'recording-stores', 'b', clock)
  expect(await logs.names()).toEqual(new Set(['a']))
  expect(await recordings.names()).toEqual(new Set(['b']))
  logs.close()
  recordings.close()
})

it('knows nothing where Redis does not answer', async () => {
  const fail = async () => {
    throw new StoreError('it does not answer')
  }
  const stores = new KnownStores({ join: fail, members: fail }, 'log-stores', 'a', new ManualClock())
  expect(await stores.names()).toBeNull()
  stores.close()
})
