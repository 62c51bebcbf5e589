import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Failure } from '../../shared/cause.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { CloudError } from '../clouds/cloud.ts'
import { Line } from './line.ts'

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
function start(url: string, reissue: () => Promise<string> = async () => url) {
  const clock = new ManualClock()
  const states: LineState[] = []
  const ends: Failure[] = []
  let text = ''
  const asked = vi.fn(reissue)
  const line = new Line({
    url,
    reissue: asked,
    clock,
    random: () => 0.5,
    handlers: {
      onState: (state) => void states.push(state),
      onBytes: (bytes) => {
        text += bytes.toString()
      },
      onDrain() {},
      onEnded: (failure) => void ends.push(failure),
    },
  })
  onTestFinished(() => line.close())
  line.open()
  const lost = () => states.filter((state) => state.gateway === 'lost')
  return {
    line,
    clock,
    asked,
    ends,
    lost,
    text: () => text,
    untilOpen: () => vi.waitFor(() => expect(states.at(-1)?.gateway).toBe('open'), { interval: 5 }),
    untilLost: (times: number) => vi.waitFor(() => expect(lost()).toHaveLength(times), { interval: 5 }),
    untilEnded: () => vi.waitFor(() => expect(ends).toHaveLength(1), { interval: 5 }),
  }
}

describe('a line', () => {
  it('asks for a new URL after the wait that it announced, and not before', async () => {
    const url = await gateway((connection, count) => {
      connection.send(count === 1 ? 'first ' : 'second')
      if (count === 1) connection.close()
    })
    const { clock, asked, lost, text, untilLost, untilOpen } = start(url)
    await untilLost(1)
    const [state] = lost()
    expect(state).toMatchObject({ failure: { cause: 'gateway-closed' } })
    const wait = state?.gateway === 'lost' ? state.retryInMs : 0
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
    const waits = lost().map((state) => (state.gateway === 'lost' ? state.retryInMs : 0))
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0)
    expect(waits[2]).toBe(600_000)
  })

  it('gives up when three fresh URLs in a row are refused', async () => {
    const url = await gateway((connection) => connection.close())
    const { clock, asked, ends, untilLost, untilEnded } = start(url)
    await untilLost(1)
    clock.advance(60_000)
    await untilLost(2)
    clock.advance(60_000)
    await untilEnded()
    expect(ends).toMatchObject([{ cause: 'gateway-refused' }])
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

  it('keeps keys that are typed before the gateway is there, up to a limit', async () => {
    let typed = ''
    const url = await gateway((connection) => {
      connection.on('message', (data: Buffer) => {
        typed += data.toString()
      })
    })
    const { line } = start(url)
    expect(line.send(Buffer.from('early'))).toBe(true)
    expect(line.send(Buffer.alloc(64 * 1024))).toBe(false)
    await vi.waitFor(() => expect(typed).toBe('early'), { interval: 5 })
  })
})
