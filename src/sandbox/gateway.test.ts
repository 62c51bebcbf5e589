import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { ManualClock } from '../testing/clock.ts'
import { Gateway } from './gateway.ts'
import { SimulatedMachine } from './machines/simulated-machine.ts'

const PATH = '/serial/pod01/'
const KNOWN = 'https://console.example.com'

async function start() {
  const clock = new ManualClock(1_000)
  const machine = new SimulatedMachine({
    clock,
    hostname: 'web-01',
    kernel: '6.1.0',
    image: 'Debian 12',
    firmware: 'idles',
    poweredOn: true,
    speed: 1_000,
  })
  const gateway = new Gateway('127.0.0.1', 0, PATH, [KNOWN], clock)
  await gateway.listen()
  onTestFinished(async () => {
    machine.dispose()
    await gateway.kill()
  })
  gateway.issue('good', machine, 2_000)
  /** A client as tolerant as a browser: it collects what comes. */
  function connect(options: ClientOptions & { token?: string; path?: string; protocols?: string[] } = {}) {
    const { token = 'good', path = PATH, protocols = ['binary'], ...rest } = options
    const socket = new WebSocket(`ws://${gateway.address}${path}?token=${token}`, protocols, rest)
    let heard = ''
    socket.on('message', (data: Buffer) => {
      heard += data.toString()
    })
    // An error is followed by a close, and tests wait for that.
    socket.on('error', () => {})
    onTestFinished(() => socket.terminate())
    return {
      socket,
      heard: () => heard,
      opened: () => once(socket, 'open'),
      closed: async (): Promise<{ code: number; reason: string }> => {
        const [code, reason] = await once(socket, 'close')
        return { code: Number(code), reason: String(reason) }
      },
    }
  }
  return { gateway, machine, connect, wait: (ms: number) => clock.advance(ms) }
}

type Started = Awaited<ReturnType<typeof start>>
type Connected = ReturnType<Started['connect']>

/** Presses Enter and waits for the login prompt. */
async function answers({ socket, heard, opened }: Connected) {
  if (socket.readyState !== WebSocket.OPEN) await opened()
  socket.send(Buffer.from('\r'))
  while (!heard().includes('login:')) await once(socket, 'message')
  return true
}

describe('a refused connection is accepted first, then dropped without a byte', () => {
  const refusals: [string, (started: Started) => Connected][] = [
    ['an unknown token', ({ connect }) => connect({ token: 'bad' })],
    ['no token', ({ connect }) => connect({ token: '' })],
    ['another path', ({ connect }) => connect({ path: '/' })],
    ['a strange Origin', ({ connect }) => connect({ origin: 'https://evil.example.com' })],
    ['the opaque Origin', ({ connect }) => connect({ origin: 'null' })],
    [
      'the own host with another scheme',
      ({ gateway, connect }) => connect({ origin: `https://${gateway.address}` }),
    ],
    [
      'a token that ran out',
      ({ connect, wait }) => {
        wait(1_000)
        return connect()
      },
    ],
    [
      'a token that was taken back',
      ({ gateway, connect }) => {
        gateway.expireTokens()
        return connect()
      },
    ],
  ]
  it.each(refusals)('%s', async (_name, refused) => {
    const started = await start()
    const client = refused(started)
    const closed = client.closed()
    await client.opened()
    client.socket.send(Buffer.from('\r'))
    started.wait(80)
    expect(await closed).toEqual({ code: 1006, reason: '' })
    expect(client.heard()).toBe('')
    expect(started.gateway.connections).toBe(0)
  })
})

describe('an accepted connection', () => {
  it.each([
    ['no Origin', () => undefined],
    ['a known Origin', () => KNOWN],
    ['the own Origin', (address: string) => `http://${address}`],
  ])('with %s reaches the machine', async (_name, origin) => {
    const { gateway, connect } = await start()
    const given = origin(gateway.address)
    expect(await answers(connect(given === undefined ? {} : { origin: given }))).toBe(true)
    expect(gateway.connections).toBe(1)
  })

  it('speaks binary frames: it closes a text frame with 1003', async () => {
    const { connect } = await start()
    const client = connect()
    const kinds: boolean[] = []
    client.socket.on('message', (_data, isBinary) => void kinds.push(isBinary))
    await answers(client)
    expect(new Set(kinds)).toEqual(new Set([true]))
    const closed = client.closed()
    client.socket.send('ls')
    expect(await closed).toEqual({ code: 1003, reason: 'Unsupported: Text frames are not supported' })
  })

  it('may use its token again until it ends, and stays open after that', async () => {
    const { connect, wait } = await start()
    const first = connect()
    await answers(first)
    first.socket.terminate()
    await first.closed()
    wait(999)
    const second = connect()
    await answers(second)
    wait(1)
    second.socket.send(Buffer.from('\r'))
    await once(second.socket, 'message')
    expect(second.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('stays open and silent while somebody else reads the port', async () => {
    const { gateway, connect } = await start()
    const first = connect()
    await answers(first)
    const second = connect()
    await second.opened()
    second.socket.send(Buffer.from('not-for-this-machine\r'))
    // If the second one had caused anything, it would come before the first one's echo.
    first.socket.send(Buffer.from('me'))
    while (!first.heard().endsWith('me')) await once(first.socket, 'message')
    expect(first.heard()).not.toContain('not-for-this-machine')
    expect(second.heard()).toBe('')
    expect(gateway.connections).toBe(2)
  })

  it('drops without a close frame when the gateway dies, and finds it again on the same port', async () => {
    const { gateway, connect } = await start()
    const client = connect()
    await answers(client)
    const closed = client.closed()
    const { address } = gateway
    await gateway.kill()
    expect((await closed).code).toBe(1006)
    await gateway.listen()
    expect(gateway.address).toBe(address)
    expect(await answers(connect())).toBe(true)
  })
})

describe('a close, byte by byte as websockify answers it', () => {
  /** Upgrades a bare socket, sends the frame, and gives what comes until the gateway hangs up. */
  async function answerTo(gateway: Gateway, opcode: number, payload: Buffer): Promise<Buffer> {
    const [host, port] = gateway.address.split(':')
    const socket = connectTcp({ host: String(host), port: Number(port) })
    onTestFinished(() => void socket.destroy())
    const headers = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    const key = `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`
    socket.write([`GET ${PATH}?token=good HTTP/1.1`, 'Host: g', ...headers, key, '\r\n'].join('\r\n'))
    let head = ''
    while (!head.endsWith('\r\n\r\n')) head += String((await once(socket, 'data'))[0])
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    const answer: Buffer[] = []
    socket.on('data', (chunk) => answer.push(chunk))
    // Masked with zeros: the payload is on the wire as it is.
    socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
    await once(socket, 'end')
    return Buffer.concat(answer)
  }

  it.each([
    ['without a status', [], [0x88, 2, 0x03, 0xed]],
    ['with a status', [0x03, 0xe8], [0x88, 2, 0x03, 0xe8]],
    ['with a status and a reason', [0x0b, 0xb8, 0x6f, 0x6b], [0x88, 4, 0x0b, 0xb8, 0x6f, 0x6b]],
  ])('%s', async (_name, sent, answered) => {
    const { gateway } = await start()
    expect([...(await answerTo(gateway, 8, Buffer.from(sent)))]).toEqual(answered)
    await expect.poll(() => gateway.connections).toBe(0)
  })

  it('is an error to a strict client, and frees the port all the same', async () => {
    const { connect } = await start()
    const client = connect()
    await answers(client)
    const failed = once(client.socket, 'error')
    // `once` would reject with the error.
    const closed = new Promise((resolve) => client.socket.on('close', resolve))
    client.socket.close()
    expect(String((await failed)[0])).toContain('1005')
    expect(await closed).toBe(1006)
    expect(await answers(connect())).toBe(true)
  })
})

describe('the subprotocol', () => {
  it.each([
    [['binary'], 'binary'],
    [['base64', 'binary'], 'binary'],
    [[], ''],
  ])('%j is accepted', async (protocols, chosen) => {
    const { connect } = await start()
    const client = connect({ protocols })
    expect(await answers(client)).toBe(true)
    expect(client.socket.protocol).toBe(chosen)
  })

  it.each([['base64'], ['tty'], ['base64, binary']])('%s is refused with HTTP 400', async (offer) => {
    const { gateway } = await start()
    // The header is set by hand: `ws` joins its protocols without the space that a browser sets.
    const headers = { 'sec-websocket-protocol': offer }
    const socket = new WebSocket(`ws://${gateway.address}${PATH}?token=good`, { headers })
    socket.on('error', () => {})
    const [, response] = await once(socket, 'unexpected-response')
    expect(response).toMatchObject({ statusCode: 400 })
  })
})
