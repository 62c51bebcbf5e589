import { type QueryClient, QueryObserver } from '@tanstack/react-query'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import type { ListEvent } from '../../shared/server-list.ts'
import { testServer } from '../../testing/server.ts'
import { wholeList } from '../../testing/server-list.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { failureOf } from './client.ts'
import { forgetUser, listAnew, serversQuery } from './queries.ts'
import { createQueryClient } from './query-client.ts'

/** An answer that the test writes as it goes on. */
class OpenAnswer {
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  readonly response: Response

  constructor() {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      this.#controller = controller
    }
    this.response = new Response(new ReadableStream<Uint8Array>({ start }))
  }

  say(...events: ListEvent[]): this {
    for (const event of events)
      this.#controller?.enqueue(new TextEncoder().encode(`${JSON.stringify(event)}\n`))
    return this
  }
  end(): void {
    this.#controller?.close()
  }
  /** The connection is lost. */
  break(): void {
    this.#controller?.error(new TypeError('network error'))
  }
}

const page = (at: number, count = 100) =>
  Array.from({ length: count }, (_, each) => testServer({ id: `s-${at}-${each}`, name: `s-${at}-${each}` }))
const begin: ListEvent = { type: 'begin', whole: true, total: 1_000 }
const complete: ListEvent[] = [
  { type: 'missing', missing: [] },
  { type: 'end', version: 'v1' },
]

let api: FakeApi
let client: QueryClient
let answers: OpenAnswer[]

beforeEach(() => {
  api = new FakeApi()
  answers = []
  api.answer('GET', paths.serverList(), () => {
    const answer = new OpenAnswer()
    answers.push(answer)
    return answer.response
  })
  client = createQueryClient()
  client.setDefaultOptions({ queries: { retryDelay: 0 } })
})

type Observed = ReturnType<ReturnType<typeof observer>['getCurrentResult']>
const observer = () => new QueryObserver(client, { ...serversQuery(), refetchInterval: false })

/** Watches the query, as a page does. */
function watch() {
  const seen: Observed[] = []
  let tell = () => {}
  const leave = observer().subscribe((result) => {
    seen.push(result)
    tell()
  })
  /** The first result from now on that is like this */
  const until = async (like: (result: Observed) => boolean): Promise<Observed> => {
    for (;;) {
      const last = seen.at(-1)
      if (last && like(last)) return last
      await new Promise<void>((resolve) => {
        tell = resolve
      })
    }
  }
  return { seen, until, leave }
}

const asked = (count: number) => expect.poll(() => answers.length, { timeout: 10_000 }).toBe(count)
const queries = () => api.askedFor('GET', paths.serverList()).map(({ query }) => Object.fromEntries(query))

describe('the first list', () => {
  it('is shown as it comes, with how much of it is here, and at last without', async () => {
    const { until } = watch()
    await asked(1)
    answers[0]?.say(begin, { type: 'servers', servers: page(0) })
    const first = await until(({ data }) => data !== undefined)
    expect(first.data?.progress).toEqual({ received: 100, total: 1_000 })
    expect(first.isFetching).toBe(true)
    answers[0]?.say({ type: 'servers', servers: page(1) })
    const second = await until(({ data }) => data?.servers.length === 200)
    expect(second.data?.servers[0]).toBe(first.data?.servers[0])
    answers[0]?.say(...complete).end()
    const last = await until(({ isFetching }) => !isFetching)
    expect(last.data?.progress).toBeNull()
    expect(last.data?.servers).toBe(second.data?.servers)
  })

  it('of 10,000 servers costs few draws', async () => {
    const { seen, until } = watch()
    await asked(1)
    answers[0]?.say(begin)
    for (let at = 0; at < 40; at++) answers[0]?.say({ type: 'servers', servers: page(at, 250) })
    answers[0]?.say(...complete).end()
    const { data } = await until(({ isFetching }) => !isFetching)
    expect(data?.servers).toHaveLength(10_000)
    // One for each 250 ms, and the machine that runs the tests may be slow.
    const draws = seen.filter(({ data: listed }, at) => listed !== seen[at - 1]?.data)
    expect(draws.length).toBeLessThan(20)
  })

  it('that breaks off keeps what came, says so, and is asked for once more', async () => {
    const { until } = watch()
    await asked(1)
    answers[0]?.say(begin, { type: 'servers', servers: page(0) })
    await until(({ data }) => data !== undefined)
    answers[0]?.break()
    await asked(2)
    answers[1]?.say(
      begin,
      { type: 'servers', servers: page(1) },
      { type: 'failed', failure: { cause: 'cloud-timeout' } },
    )
    answers[1]?.end()
    const failed = await until(({ isError }) => isError)
    expect(failureOf(failed.error)).toEqual({ cause: 'cloud-timeout' } satisfies Failure)
    expect(failed.data?.servers).toHaveLength(200)
    expect(failed.data?.progress).toEqual({ received: 200, total: 1_000 })
    expect(queries()).toEqual([{ fresh: 'true' }, { fresh: 'true' }])
  })

  it('that ends because the server restarts is asked for until it is back, and that is no error', async () => {
    const { seen, until } = watch()
    await asked(1)
    answers[0]?.say(
      begin,
      { type: 'servers', servers: page(0) },
      { type: 'failed', failure: { cause: 'proxy-restarting' } },
    )
    answers[0]?.end()
    await asked(2)
    const told = await until(({ failureReason }) => failureReason !== null)
    expect(failureOf(told.failureReason).cause).toBe('proxy-restarting')
    expect(told.data?.servers).toHaveLength(100)
    // It is away now. That is what it said, and not another failure.
    for (const at of [1, 2, 3, 4]) {
      answers[at]?.break()
      await asked(at + 2)
    }
    answers[5]?.say(begin, { type: 'servers', servers: page(0) }, ...complete).end()
    const last = await until(({ isFetching }) => !isFetching)
    expect(last.data?.progress).toBeNull()
    expect(last.failureReason).toBeNull()
    expect(seen.filter(({ isError }) => isError)).toEqual([])
    expect(new Set(seen.flatMap(({ failureReason: why }) => (why ? failureOf(why).cause : [])))).toEqual(
      new Set(['proxy-restarting']),
    )
  })

  it('of a server that does not come back is unreachable in the end', async () => {
    let now = performance.now()
    const spy = vi.spyOn(performance, 'now').mockImplementation(() => now)
    onTestFinished(() => spy.mockRestore())
    const { until } = watch()
    await asked(1)
    answers[0]?.say({ type: 'failed', failure: { cause: 'proxy-restarting' } }).end()
    await asked(2)
    now += 61_000
    answers[1]?.break()
    const failed = await until(({ isError }) => isError)
    expect(failureOf(failed.error).cause).toBe('proxy-unreachable')
  })

  it('that ends without its end is not taken for the whole list', async () => {
    const { until } = watch()
    await asked(1)
    answers[0]?.say(begin, { type: 'servers', servers: page(0) }).end()
    await asked(2)
    answers[1]?.say(begin).end()
    const failed = await until(({ isError }) => isError)
    expect(failureOf(failed.error).cause).toBe('proxy-unreachable')
    expect(failed.data?.progress).toEqual({ received: 100, total: 1_000 })
  })

  it('is read to its end when a person leaves for a console', async () => {
    const { until, leave } = watch()
    await asked(1)
    answers[0]?.say(begin, { type: 'servers', servers: page(0) })
    await until(({ data }) => data !== undefined)
    leave()
    answers[0]?.say({ type: 'servers', servers: page(1) }, ...complete).end()
    const back = watch()
    expect((await back.until(({ data }) => data?.progress === null)).data?.servers).toHaveLength(200)
    expect(answers).toHaveLength(1)
  })

  it('is complete while the difference to a newer one is awaited', async () => {
    const { until } = watch()
    await asked(1)
    answers[0]?.say(...wholeList({ servers: page(0), missing: [] }), {
      type: 'begin',
      whole: false,
      total: 100,
    })
    const first = await until(({ data }) => data?.progress === null)
    expect(first.isFetching).toBe(true)
    const changed = testServer({ id: 's-0-0', name: 'renamed' })
    answers[0]?.say({ type: 'servers', servers: [changed] }, { type: 'end', version: 'v2' }).end()
    const last = await until(({ isFetching }) => !isFetching)
    expect(last.data?.servers[0]).toEqual(changed)
    expect(last.data?.version).toBe('v2')
  })
})

describe('a refresh', () => {
  async function known() {
    const watched = watch()
    await asked(1)
    answers[0]?.say(...wholeList({ servers: page(0), missing: [] })).end()
    const { data } = await watched.until(({ isFetching }) => !isFetching)
    return { ...watched, data }
  }

  it('asks only for what has changed', async () => {
    const { data, until } = await known()
    void client.invalidateQueries(serversQuery())
    await asked(2)
    void listAnew(client)
    await asked(3)
    expect(queries()).toEqual([{ fresh: 'true' }, { since: 'v1' }, { since: 'v1', fresh: 'true' }])
    answers[2]?.say({ type: 'begin', whole: false, total: 100 }, ...complete).end()
    const next = await until(({ isFetching }) => !isFetching)
    expect(next.data?.servers).toBe(data?.servers)
  })

  it('that fails half-way leaves the list as it was', async () => {
    const { data, until } = await known()
    void client.invalidateQueries(serversQuery())
    for (const at of [1, 2]) {
      await asked(at + 1)
      answers[at]?.say(begin, { type: 'servers', servers: page(7) })
      answers[at]?.say({ type: 'failed', failure: { cause: 'cloud-unreachable' } }).end()
    }
    const failed = await until(({ isError }) => isError)
    expect(failed.data).toBe(data)
  })
})

it('one user’s list ends with them, also in the middle of a page', async () => {
  const { until } = watch()
  await asked(1)
  answers[0]?.say(begin, { type: 'servers', servers: page(0) })
  await until(({ data }) => data !== undefined)
  void forgetUser(client)
  answers[0]?.say({ type: 'servers', servers: page(1) }, ...complete)
  await asked(2)
  answers[1]?.say(...wholeList({ servers: page(5, 1), missing: [] })).end()
  const next = await until(({ isFetching, data }) => !isFetching && data !== undefined)
  expect(next.data?.servers.map(({ id }) => id)).toEqual(['s-5-0'])
})

it('an answer that falls silent is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  try {
    client.setDefaultOptions({ queries: { retry: false } })
    const { until } = watch()
    await asked(1)
    answers[0]?.say(begin)
    await vi.advanceTimersByTimeAsync(31_000)
    await asked(2)
    await vi.advanceTimersByTimeAsync(31_000)
    const failed = await until(({ isError }) => isError)
    expect(failureOf(failed.error).cause).toBe('proxy-unreachable')
  } finally {
    vi.useRealTimers()
  }
})
