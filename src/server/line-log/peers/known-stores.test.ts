import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { MemoryStore } from '../../store/memory-store.ts'
import { StoreError } from '../../store/store.ts'
import { KnownStores } from './known-stores.ts'

const HOUR = 60 * 60_000

it('knows the stores of those that were there within a week', async () => {
  const clock = new ManualClock(0)
  const shared = new MemoryStore(clock)
  const [a, b] = [new KnownStores(shared, 'a', clock), new KnownStores(shared, 'b', clock)]
  expect(await a.names()).toEqual(new Set(['a', 'b']))
  b.close()
  clock.advance(6 * 24 * HOUR)
  expect(await a.names()).toEqual(new Set(['a', 'b']))
  clock.advance(2 * 24 * HOUR)
  expect(await a.names()).toEqual(new Set(['a']))
  a.close()
})

it('knows nothing where Redis does not answer', async () => {
  const fail = async () => {
    throw new StoreError('it does not answer')
  }
  const stores = new KnownStores({ join: fail, members: fail }, 'a', new ManualClock())
  expect(await stores.names()).toBeNull()
  stores.close()
})
