import { describe, expect, it } from 'vitest'
import type { LogQuery, LogSearchEvent } from '../../shared/log-search.ts'
import { Searching } from './searching.ts'

type LogHit = Extract<LogSearchEvent, { type: 'hit' }>

const panic: LogQuery = { text: 'panic', regex: false, matchCase: false }
const hit = (offset: number): LogSearchEvent => ({
  type: 'hit',
  server: { id: 'x', name: 'web-01' },
  offset,
  time: '2026-03-01T12:00:00Z',
  boot: null,
  before: '',
  match: 'panic',
  after: '',
})

/** A server whose answers the test writes. */
function start() {
  const asked: { query: LogQuery; before: string | undefined; signal: AbortSignal }[] = []
  let push: (event: LogSearchEvent | 'cut' | Error) => void = () => {}
  const searching = new Searching<LogHit>({
    async *ask(query, before, signal) {
      asked.push({ query, before, signal })
      const waiting: (LogSearchEvent | 'cut' | Error)[] = []
      let wake = () => {}
      push = (event) => {
        waiting.push(event)
        wake()
      }
      for (;;) {
        const event = waiting.shift()
        if (event === undefined)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        else if (event === 'cut') return
        else if (event instanceof Error) throw event
        else yield event
      }
    },
    failureOf: () => ({ cause: 'overloaded' }),
  })
  const tell = async (...events: (LogSearchEvent | 'cut' | Error)[]) => {
    for (const event of events) push(event)
    // The stream is read in microtasks.
    await new Promise((resolve) => setTimeout(resolve))
    return searching.state()
  }
  return { searching, asked, tell }
}

describe('a search', () => {
  it('shows hits and progress as they come, and how it ended', async () => {
    const { searching, tell } = start()
    searching.search(panic)
    const progress = { type: 'progress', scannedBytes: 5, totalBytes: 10 } as const
    expect(await tell(progress, hit(30))).toMatchObject({
      kind: 'searching',
      scannedBytes: 5,
      totalBytes: 10,
      hits: [{ offset: 30 }],
    })
    expect(await tell({ type: 'end', reason: 'all', cursor: null }, 'cut')).toMatchObject({
      kind: 'ended',
      reason: 'all',
      hits: [{ offset: 30 }],
    })
  })

  it('goes on where the page before ended', async () => {
    const { searching, tell, asked } = start()
    searching.search(panic)
    await tell(hit(30), { type: 'end', reason: 'page', cursor: 'x.30' }, 'cut')
    searching.more()
    const state = await tell(hit(20), { type: 'end', reason: 'all', cursor: null }, 'cut')
    expect(asked.map(({ before }) => before)).toEqual([undefined, 'x.30'])
    expect(state).toMatchObject({ kind: 'ended', hits: [{ offset: 30 }, { offset: 20 }] })
    searching.more()
    expect(asked).toHaveLength(2)
  })

  it('stops when asked to, and keeps what it has', async () => {
    const { searching, tell, asked } = start()
    searching.search(panic)
    await tell(hit(30))
    searching.stop()
    expect(asked[0]?.signal.aborted).toBe(true)
    expect(await tell(hit(20))).toMatchObject({ kind: 'stopped', hits: [{ offset: 30 }] })
  })

  it('ends the one before', async () => {
    const { searching, tell, asked } = start()
    searching.search(panic)
    await tell(hit(30))
    searching.search({ ...panic, text: 'oops' })
    expect(asked[0]?.signal.aborted).toBe(true)
    expect(await tell(hit(10))).toMatchObject({ query: { text: 'oops' }, hits: [{ offset: 10 }] })
    searching.search({ ...panic, text: '' })
    expect(searching.state()).toEqual({ kind: 'idle' })
  })

  it('says what is no regular expression, and asks nobody', () => {
    const { searching, asked } = start()
    searching.search({ text: '(', regex: true, matchCase: false })
    expect(searching.state()).toMatchObject({ kind: 'wrong-regex', reason: expect.stringContaining('(') })
    expect(asked).toEqual([])
  })

  it('says that a time ends before it begins, and asks nobody', () => {
    const { searching, asked } = start()
    const [from, to] = ['2026-03-01T12:00:00.000Z', '2026-03-01T11:59:00.000Z']
    searching.search({ ...panic, from, to })
    expect(searching.state()).toEqual({ kind: 'wrong-range' })
    searching.search({ ...panic, from: to, to })
    expect(searching.state()).toEqual({ kind: 'wrong-range' })
    expect(asked).toEqual([])
  })

  it('says that it searched a part only, where a replica does not answer', async () => {
    const { searching, tell } = start()
    searching.search(panic)
    expect(await tell({ type: 'end', reason: 'all', cursor: null, away: true }, 'cut')).toMatchObject({
      kind: 'ended',
      away: true,
    })
  })

  it('says that it failed, also where the answer was cut', async () => {
    const { searching, tell } = start()
    searching.search(panic)
    expect(await tell(hit(30), new Error('busy'))).toMatchObject({
      kind: 'failed',
      failure: { cause: 'overloaded' },
      hits: [{ offset: 30 }],
    })
    searching.search(panic)
    expect(await tell('cut')).toMatchObject({ kind: 'failed', failure: { cause: 'proxy-unreachable' } })
  })
})
