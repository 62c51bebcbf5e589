import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { killTied, missingPackages, spawnTied } from '../../sandbox/machines/tied-process.ts'
import type { Failure } from '../../shared/cause.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { TestAuthority } from '../../testing/outbound/certificates.ts'
import { connectProxy } from '../../testing/outbound/connect-proxy.ts'
import { Dialler } from '../outbound/dialler.ts'
import { outboundSettings } from '../outbound/settings.ts'
import { Line } from './line.ts'
import { Pace } from './pace.ts'
import { Turns } from './turns.ts'

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
async function websockify(target: number, tls: readonly string[] = []): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const running = spawnTied('websockify', [...tls, `127.0.0.1:${port}`, `127.0.0.1:${target}`])
  running.stdout.resume()
  running.stderr.resume()
  onTestFinished(() => killTied(running))
  await vi.waitFor(
    async () => {
      const knock = connect(port, '127.0.0.1')
      await once(knock, 'connect').finally(() => knock.destroy())
    },
    { timeout: 15_000, interval: 50 },
  )
  return port
}

it.skipIf(missing.length > 0)(
  'a line that has spoken outlives its machine’s host, which websockify shows as hang-ups',
  async () => {
    const machine = await host()
    const url = `ws://127.0.0.1:${await websockify(machine.port)}/`
    const clock = new ManualClock()
    const states: LineState[] = []
    const ends: Failure[] = []
    let text = ''
    const line = new Line({
      url,
      reissue: async () => url,
      pace: new Pace(clock),
      dialler: new Dialler(),
      turns: new Turns(),
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
        onGone() {},
        onUnattended: () => null,
        onEnded: (failure) => void ends.push(failure),
      },
    })
    onTestFinished(() => void line.close())
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

it.skipIf(missing.length > 0)(
  'a line reaches a websockify with a certificate of a private CA, through a proxy',
  async () => {
    const machine = await host()
    const authority = new TestAuthority()
    onTestFinished(() => authority.remove())
    const { key, cert } = authority.issue({ names: 'DNS:gateway.test' })
    const files = { key: join(authority.folder, 'gateway.key'), cert: join(authority.folder, 'gateway.pem') }
    writeFileSync(files.key, key)
    writeFileSync(files.cert, cert)
    const port = await websockify(machine.port, ['--cert', files.cert, '--key', files.key, '--ssl-only'])
    const proxy = await connectProxy({ resolve: { 'gateway.test': '127.0.0.1' } })
    const env = { HTTPS_PROXY: proxy.host, BMS_CONSOLE_GATEWAY_CACERT: authority.file }
    const clock = new ManualClock()
    const heard = new Promise<string>((resolve) => {
      const line = new Line({
        url: `wss://gateway.test:${port}/`,
        reissue: () => Promise.reject(new Error('the first link is good')),
        pace: new Pace(clock),
        dialler: new Dialler(outboundSettings(env, null)),
        turns: new Turns(),
        project: '',
        clock,
        handlers: {
          onState(state) {
            if (state.gateway === 'lost') resolve(JSON.stringify(state.failure))
          },
          onBytes: (bytes) => resolve(bytes.toString()),
          onWritten() {},
          onProved() {},
          onGone() {},
          onUnattended: () => null,
          onEnded() {},
        },
      })
      onTestFinished(() => void line.close())
      line.open()
    })
    expect(await heard).toBe('login: ')
    expect(proxy.asked).toEqual([`gateway.test:${port}`])
  },
)
