import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { WorkerMatcher } from './matcher.ts'
import { type FindQuery, packed } from './matching.ts'

const query: FindQuery = { text: 'b', regex: false, matchCase: false }

interface FakeThread {
  asked: unknown[]
  ended: boolean
  says: (data: unknown) => void
  fails: () => void
}

function open() {
  const clock = new ManualClock()
  const threads: FakeThread[] = []
  const matcher = new WorkerMatcher((says, fails) => {
    const thread: FakeThread = { asked: [], ended: false, says, fails }
    threads.push(thread)
    return {
      ask: (message) => void thread.asked.push(message),
      end() {
        thread.ended = true
      },
    }
  }, clock)
  return { clock, threads, matcher }
}

it('asks a thread once it is there, and again the same one', async () => {
  const { threads, matcher } = open()
  const first = matcher.match(query, ['abc'])
  expect(threads[0]?.asked).toEqual([])
  threads[0]?.says({ type: 'ready' })
  expect(threads[0]?.asked).toEqual([{ query, lines: ['abc'] }])
  threads[0]?.says({ type: 'found', found: packed([{ line: 0, from: 1, to: 2 }]) })
  expect(await first).toEqual([{ line: 0, from: 1, to: 2 }])
  void matcher.match(query, ['x'])
  expect(threads).toHaveLength(1)
  expect(threads[0]?.asked).toHaveLength(2)
})

it('ends a thread that takes more than 2 s, and the next query gets another', async () => {
  const { clock, threads, matcher } = open()
  const answer = matcher.match(query, ['a'])
  // A thread that is slow to come does not count.
  clock.advance(10_000)
  threads[0]?.says({ type: 'ready' })
  clock.advance(2_000)
  expect(await answer).toBe('too-hard')
  expect(threads[0]?.ended).toBe(true)
  void matcher.match(query, ['a'])
  expect(threads).toHaveLength(2)
})

it('does not wait for the old query when there is a new one', async () => {
  const { threads, matcher } = open()
  const old = matcher.match(query, ['a'])
  threads[0]?.says({ type: 'ready' })
  void matcher.match(query, ['b'])
  expect(await old).toBe('superseded')
  expect(threads[0]?.ended).toBe(true)
  expect(threads).toHaveLength(2)
})

it('finds plain text by itself where no thread starts, and no expression', async () => {
  const { threads, matcher } = open()
  const plain = matcher.match(query, ['abc'])
  threads[0]?.fails()
  expect(await plain).toEqual([{ line: 0, from: 1, to: 2 }])
  const expression = matcher.match({ ...query, regex: true }, ['abc'])
  threads[1]?.fails()
  expect(await expression).toBe('failed')
})
