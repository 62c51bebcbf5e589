import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Failure } from '../../shared/cause.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { CloudError } from '../clouds/cloud.ts'
import { Dialler } from '../outbound/dialler.ts'
import { Line, type LineHandlers } from './line.ts'
import { Pace } from './pace.ts'
import { Turns } from './turns.ts'

/** A gateway; the test decides what happens to each connection. */
async function gateway(onConnection: (connection: WebSocket, count: number) => void) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  let count = 0
  server.on('connection', (connection) => {
    count += 1
    onConnection(connection, count)
  })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const connection of server.clients) connection.terminate()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** A line whose clock stands still until the test turns it. Its back-off is not random. */
function start(
  url: string,
  reissue: () => Promise<string> = async () => url,
  {
    clock = new ManualClock(),
    pace = new Pace(clock),
    turns = new Turns(),
    onUnattended = () => null,
  }: {
    clock?: ManualClock
    pace?: Pace
    turns?: Turns
    onUnattended?: LineHandlers['onUnattended']
  } = {},
) {
  const states: LineState[] = []
  const ends: Failure[] = []
  /** What the line's state was each time when its connection was gone */
  const gone: (LineState['gateway'] | undefined)[] = []
  let text = ''
  let proved = 0
  const asked = vi.fn(reissue)
  const line = new Line({
    url,
    reissue: asked,
    pace,
    dialler: new Dialler(),
    turns,
    project: '',
    clock,
    random: () => 0.5,
    handlers: {
      onState: (state) => void states.push(state),
      onBytes: (bytes) => {
        text += bytes.toString()
      },
      onWritten() {},
      onProved: (count) => {
        proved = count
      },
      onGone: () => void gone.push(states.at(-1)?.gateway),
      onUnattended,
      onEnded: (failure) => void ends.push(failure),
    },
  })
  onTestFinished(() => void line.close())
  line.open()
  const lost = () => states.filter((state) => state.gateway === 'lost')
  const opening = () => states.filter((state) => state.gateway === 'opening')
  return {
    line,
    clock,
    states,
    gone,
    proved: () => proved,
    asked,
    ends,
    lost,
    opening,
    /** Lets the try that was announced last begin. */
    passWait: () => clock.advance(lost().at(-1)?.retryInMs ?? 0),
    text: () => text,
    untilOpen: () => vi.waitFor(() => expect(states.at(-1)?.gateway).toBe('open'), { interval: 5 }),
    untilText: (said: string) => vi.waitFor(() => expect(text).toBe(said), { interval: 5 }),
    untilLost: (times: number) => vi.waitFor(() => expect(lost()).toHaveLength(times), { interval: 5 }),
    untilEnded: () => vi.waitFor(() => expect(ends).toHaveLength(1), { interval: 5 }),
  }
}

describe('a line', () => {
  it('says at once that its connection is gone, and is lost when its turn comes', async () => {
    const url = await gateway((connection) => connection.close())
    const work: (() => void)[] = []
    const turns = new Turns()
    vi.spyOn(turns, 'do').mockImplementation((run) => void work.push(run))
    const { gone, states, lost, asked } = start(url, undefined, { turns })
    await expect.poll(() => gone).toEqual(['open'])
    expect(states.at(-1)?.gateway).toBe('open')
    for (const run of work) run()
    expect(lost()).toHaveLength(1)
    expect(asked).not.toHaveBeenCalled()
  })

  it('is not lost any more where it was closed meanwhile', async () => {
    const url = await gateway((connection) => connection.close())
    const work: (() => void)[] = []
    const turns = new Turns()
    vi.spyOn(turns, 'do').mockImplementation((run) => void work.push(run))
    const { line, gone, lost, ends } = start(url, undefined, { turns })
    await expect.poll(() => gone).toEqual(['open'])
    line.close()
    for (const run of work) run()
    expect([lost(), ends]).toEqual([[], []])
  })

  it('asks for a new URL after the wait that it announced, and not before', async () => {
    const url = await gateway((connection, count) => {
      connection.send(count === 1 ? 'first ' : 'second')
      if (count === 1) connection.close()
    })
    const { clock, asked, lost, text, untilLost, untilOpen } = start(url)
    await untilLost(1)
    const [state] = lost()
    expect(state).toMatchObject({ failure: { cause: 'gateway-closed' } })
    const wait = state?.retryInMs ?? 0
    expect(wait).toBeGreaterThan(0)
    clock.advance(wait - 1)
    expect(asked).not.toHaveBeenCalled()
    clock.advance(1)
    await untilOpen()
    await vi.waitFor(() => expect(text()).toBe('first second'), { interval: 5 })
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('waits longer each time that it fails, and as long as the cloud asks for', async () => {
    const url = await gateway((connection) => connection.terminate())
    const answers = [
      new CloudError({ cause: 'cloud-unreachable' }),
      new CloudError({ cause: 'throttled', retryAfter: 600 }),
    ]
    const { clock, lost, untilLost } = start(url, async () => {
      throw answers.shift() ?? new CloudError({ cause: 'no-permission' })
    })
    await untilLost(1)
    clock.advance(60_000)
    await untilLost(2)
    clock.advance(60_000)
    await untilLost(3)
    const waits = lost().map((state) => state.retryInMs)
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0)
    expect(waits[2]).toBe(600_000)
  })

  it('gives up when the gateway hangs up on three new links, and it never worked', async () => {
    const url = await gateway((connection) => connection.close())
    const { clock, asked, ends, untilLost, untilEnded } = start(url)
    await untilLost(1)
    clock.advance(60_000)
    await untilLost(2)
    clock.advance(60_000)
    await untilEnded()
    expect(ends).toMatchObject([{ cause: 'gateway-hung-up' }])
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('takes a late hang-up for a lost line, not for a refused token', async () => {
    const connections: WebSocket[] = []
    const url = await gateway((connection) => void connections.push(connection))
    const { clock, lost, untilOpen, untilLost } = start(url)
    await untilOpen()
    clock.advance(3_000)
    connections[0]?.close()
    await untilLost(1)
    expect(lost()).toMatchObject([{ failure: { cause: 'gateway-closed' } }])
  })

  it('asks for few links where the gateway says a line and closes, again and again', async () => {
    const url = await gateway((connection) => connection.send('hello', () => connection.close()))
    const { clock, asked, lost, passWait, untilLost } = start(url)
    const until = clock.now() + 30_000
    for (let times = 1; clock.now() < until; times++) {
      await untilLost(times)
      passWait()
    }
    expect(asked.mock.calls.length).toBeLessThan(10)
    expect(lost()).toMatchObject(lost().map(() => ({ failure: { cause: 'gateway-closed' } })))
  })

  it('begins its waits anew once the line was good for a while', async () => {
    const connections: WebSocket[] = []
    const url = await gateway((connection) => void connections.push(connection))
    const { clock, lost, passWait, untilOpen, untilLost } = start(url)
    for (const [times, good] of [0, 29_999, 30_000, 0].entries()) {
      await untilOpen()
      clock.advance(good)
      connections[times]?.close()
      await untilLost(times + 1)
      passWait()
    }
    expect(lost().map(({ retryInMs }) => retryInMs)).toEqual([500, 1_000, 500, 1_000])
  })

  it('tells which try is under way, and why the last one failed', async () => {
    const url = await gateway((connection, count) => {
      if (count === 1) connection.send('first', () => connection.terminate())
    })
    const answers = [
      new CloudError({ cause: 'cloud-unreachable' }),
      new CloudError({ cause: 'cloud-timeout' }),
    ]
    const { clock, opening, untilLost, untilOpen } = start(url, async () => {
      const error = answers.shift()
      if (error) throw error
      return url
    })
    for (const times of [1, 2, 3]) {
      await untilLost(times)
      clock.advance(60_000)
    }
    await untilOpen()
    expect(opening().map(({ attempt, failure }) => [attempt, failure?.cause])).toEqual([
      [0, undefined],
      [1, 'gateway-closed'],
      [2, 'cloud-unreachable'],
      [3, 'cloud-timeout'],
    ])
  })

  it('tells who asks how long the wait still is', async () => {
    const url = await gateway((connection) => connection.terminate())
    const { line, clock, untilLost } = start(url)
    await untilLost(1)
    expect(line.state).toMatchObject({ gateway: 'lost', retryInMs: 500 })
    clock.advance(200)
    expect(line.state).toMatchObject({ gateway: 'lost', retryInMs: 300 })
  })

  it('is tried at once where a person wants it, and a try in vain leaves the wait as it was', async () => {
    const url = await gateway((connection) => connection.send('x', () => connection.terminate()))
    const { line, clock, asked, lost, untilLost } = start(url, async () => {
      throw new CloudError({ cause: 'cloud-unreachable' })
    })
    for (const times of [1, 2, 3, 4]) {
      await untilLost(times)
      clock.advance(lost().at(-1)?.retryInMs ?? 0)
    }
    // The next wait: 8 s.
    await untilLost(5)
    clock.advance(3_000)
    const before = asked.mock.calls.length
    line.retryNow()
    clock.advance(0)
    expect(asked).toHaveBeenCalledTimes(before + 1)
    await vi.waitFor(() => expect(line.state).toMatchObject({ gateway: 'lost', retryInMs: 5_000 }), {
      interval: 5,
    })
    clock.advance(5_000)
    expect(asked).toHaveBeenCalledTimes(before + 2)
    await vi.waitFor(() => expect(line.state).toMatchObject({ gateway: 'lost', retryInMs: 15_000 }), {
      interval: 5,
    })
  })

  it('is not hurried while it is there, or while a try is under way', async () => {
    let answer = (_url: string) => {}
    const connections: WebSocket[] = []
    const url = await gateway((connection) => void connections.push(connection))
    const { line, asked, passWait, untilOpen, untilLost } = start(
      url,
      () => new Promise((resolve) => (answer = resolve)),
    )
    await untilOpen()
    line.retryNow()
    connections[0]?.terminate()
    await untilLost(1)
    passWait()
    line.retryNow()
    passWait()
    expect(asked).toHaveBeenCalledTimes(1)
    answer(url)
    await untilOpen()
    expect(connections).toHaveLength(2)
  })

  it('waits for its turn where the cloud is slow, and says so', async () => {
    const url = await gateway((connection) => connection.terminate())
    const clock = new ManualClock()
    const pace = new Pace(clock, { perSecond: 50, atOnce: 1, atOnceInProject: 1 })
    const { line, asked, lost, passWait, untilLost } = start(url, async () => url, { clock, pace })
    await untilLost(1)
    const done = pace.begin('another')
    passWait()
    expect(asked).not.toHaveBeenCalled()
    expect(lost()).toHaveLength(2)
    expect(line.state).toMatchObject({ gateway: 'lost', failure: lost()[0]?.failure, retryInMs: 1_000 })
    done?.()
    passWait()
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('ends where the cloud says no for good', async () => {
    const url = await gateway((connection) => connection.terminate())
    const { clock, ends, untilLost, untilEnded } = start(url, async () => {
      throw new CloudError({ cause: 'no-permission' })
    })
    await untilLost(1)
    clock.advance(60_000)
    await untilEnded()
    expect(ends).toEqual([{ cause: 'no-permission' }])
  })

  it('does not come back once it is closed', async () => {
    const url = await gateway((connection) => connection.terminate())
    const { line, clock, asked, untilLost } = start(url)
    await untilLost(1)
    line.close()
    clock.advance(3_600_000)
    expect(asked).not.toHaveBeenCalled()
  })

  it('gives its turn to another line when it is closed', async () => {
    const url = await gateway((connection) => connection.terminate())
    const clock = new ManualClock()
    const pace = new Pace(clock, { perSecond: 10, atOnce: 1, atOnceInProject: 1 })
    const { line, untilLost } = start(url, async () => url, { clock, pace })
    await untilLost(1)
    expect(pace.book(500).wait).toBe(600)
    line.close()
    expect(pace.book(500).wait).toBe(500)
  })

  it('counts its connections', async () => {
    const url = await gateway((connection, count) => {
      if (count === 1) connection.close()
    })
    const { clock, states, untilLost, untilOpen } = start(url)
    await untilLost(1)
    clock.advance(60_000)
    await untilOpen()
    expect(states.flatMap((state) => (state.gateway === 'open' ? [state.line] : []))).toEqual([1, 2])
  })

  it('says that a gateway no longer answers, and comes back by itself', async () => {
    const connections: WebSocket[] = []
    const url = await gateway((connection) => void connections.push(connection))
    const { line, clock, asked, lost, proved, untilOpen, untilLost } = start(url)
    await untilOpen()
    // It answers a ping, then nothing any more.
    line.send(Buffer.from('x'))
    await vi.waitFor(
      () => {
        clock.advance(10)
        expect(proved()).toBe(1)
      },
      { interval: 5 },
    )
    connections[0]?.pause()
    clock.advance(45_000)
    await untilLost(1)
    expect(lost()).toMatchObject([{ failure: { cause: 'gateway-silent' } }])
    clock.advance(60_000)
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
  })
})

describe('a line with nobody there', () => {
  const patient = () => {
    const cancel = vi.fn()
    return { cancel, onUnattended: vi.fn<LineHandlers['onUnattended']>(() => ({ wait: 600_000, cancel })) }
  }

  it('is tried again when it is told, and not before', async () => {
    let first = true
    const url = await gateway((connection) => {
      if (first) connection.terminate()
      else connection.send('back')
      first = false
    })
    const { onUnattended } = patient()
    const { clock, asked, lost, untilLost, untilText } = start(url, undefined, { onUnattended })
    await untilLost(1)
    expect(lost()[0]?.retryInMs).toBe(600_000)
    clock.advance(3_600_000)
    expect(asked).not.toHaveBeenCalled()
    const done = vi.fn()
    onUnattended.mock.calls[0]?.[1](done)
    await untilText('back')
    expect(done).toHaveBeenCalledOnce()
  })

  it('is tried soon when somebody comes', async () => {
    const url = await gateway((connection) => connection.terminate())
    const { cancel, onUnattended } = patient()
    const { line, clock, asked, untilLost } = start(url, undefined, { onUnattended })
    await untilLost(1)
    line.attended()
    expect(cancel).toHaveBeenCalledOnce()
    expect(line.state).toMatchObject({ gateway: 'lost', retryInMs: 0 })
    clock.advance(0)
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce(), { interval: 5 })
  })
})
