import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { killTied, missingPackages, spawnTied } from '../../sandbox/machines/tied-process.ts'
import type { Failure } from '../../shared/cause.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { Dialler } from '../outbound/dialler.ts'
import { Line } from './line.ts'
import { Pace } from './pace.ts'

const missing = missingPackages(['websockify', 'setpriv', 'mkfifo'])

/** A serial port of a machine's host, which goes down and comes back. */
async function host() {
  const readers = new Set<Socket>()
  const server = createServer((socket) => {
    readers.add(socket)
    socket.on('error', () => {})
    socket.write('login: ')
  })
  const up = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const down = () => {
    for (const reader of readers) reader.destroy()
    readers.clear()
    server.close()
  }
  onTestFinished(down)
  return { port: await up(0), up, down }
}

/** The real websockify in front of the port. Until it listens, nobody else may take its port. */
async function websockify(target: number): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const running = spawnTied('websockify', [`127.0.0.1:${port}`, `127.0.0.1:${target}`])
  running.stdout.resume()
  running.stderr.resume()
  onTestFinished(() => killTied(running))
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBeGreaterThan(0), {
    timeout: 15_000,
    interval: 50,
  })
  return `ws://127.0.0.1:${port}/`
}

it.skipIf(missing.length > 0)(
  'a line that has spoken outlives its machine’s host, which websockify shows as hang-ups',
  async () => {
    const machine = await host()
    const url = await websockify(machine.port)
    const clock = new ManualClock()
    const states: LineState[] = []
    const ends: Failure[] = []
    let text = ''
    const line = new Line({
      url,
      reissue: async () => url,
      pace: new Pace(clock),
      dialler: new Dialler(),
      project: '',
      clock,
      random: () => 0,
      handlers: {
        onState: (state) => void states.push(state),
        onBytes: (bytes) => {
          text += bytes.toString()
        },
        onWritten() {},
        onProved() {},
        onUnattended: () => null,
        onEnded: (failure) => void ends.push(failure),
      },
    })
    onTestFinished(() => line.close())
    line.open()
    const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 })
    await until(() => expect(text).toBe('login: '))

    machine.down()
    await until(() => expect(line.state.gateway).toBe('lost'))
    for (let hangUps = 1; hangUps <= 6; hangUps++) {
      clock.advance(30_000)
      await until(() => expect(states.filter(({ gateway }) => gateway === 'lost')).toHaveLength(hangUps + 1))
    }
    expect(ends).toEqual([])
    expect(line.state).toMatchObject({
      failure: { cause: 'gateway-hung-up', detail: expect.stringMatching(/token, or .* host is down/) },
    })

    await machine.up(machine.port)
    clock.advance(30_000)
    await until(() => expect(text).toBe('login: login: '))
  },
)
