import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { IssuedConsole, paths } from '../../shared/api.ts'
import { RELAY_SUBPROTOCOL } from '../../shared/relay-protocol.ts'
import { listeningTestApp } from '../../testing/app.ts'
import { ManualClock } from '../../testing/clock.ts'
import { isInstalled } from '../../testing/installed.ts'
import { type Certificate, expired, TestAuthority } from '../../testing/outbound/certificates.ts'
import { resumeWith } from '../../testing/resume.ts'
import { startGateway } from '../../testing/security/guarded-app.ts'
import { testServer } from '../../testing/server.ts'
import { silentCloud } from '../../testing/sign-in/identity.ts'

const DAY_MS = 86_400_000
/** So often the files are looked at. */
const LOOK_MS = 10_000

describe.skipIf(!isInstalled('openssl'))('a server with a certificate of its own', () => {
  let authority: TestAuthority
  let first: Certificate
  let second: Certificate
  beforeAll(() => {
    authority = new TestAuthority()
    first = authority.issue()
    second = authority.issue()
  })
  afterAll(() => authority.remove())

  /** The whole server, with files that a test replaces */
  async function start(env: NodeJS.ProcessEnv = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'tls-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
    const put = (pair: Partial<Certificate>) => {
      if (pair.cert) writeFileSync(certFile, pair.cert)
      if (pair.key) writeFileSync(keyFile, pair.key)
    }
    put(first)
    const gateway = await startGateway([])
    const clock = new ManualClock(Date.now())
    const server = await listeningTestApp({
      env: {
        BMS_CONSOLE_TLS_CERT: certFile,
        BMS_CONSOLE_TLS_KEY: keyFile,
        BMS_CONSOLE_TRANSPORT: 'relay',
        BMS_CONSOLE_GATEWAYS: gateway,
        ...env,
      },
      cloud: {
        ...silentCloud,
        getServer: async (id) => testServer({ id }),
        remoteConsole: async () => `http://${gateway}/?token=t`,
      },
      clock,
    })
    const origin = `https://127.0.0.1:${server.port}`
    /** The serial number of the certificate that it shows to who comes now */
    const shown = async (options: { ALPNProtocols?: string[] } = {}) => {
      const socket = await handshake(server.port, options)
      const { serialNumber } = socket.getPeerCertificate()
      const protocol = socket.alpnProtocol
      socket.destroy()
      return { serialNumber, protocol }
    }
    /** What the log says of its certificate */
    const said = () =>
      server.log
        .map((line): { level: number; msg: string; fault?: string; until?: string } => JSON.parse(line))
        .filter(({ msg }) => msg.includes('certificate'))
    /** Turns the clock to the next look, and further until the log has said more. */
    const looks = async (times = 1) => {
      for (let look = 0; look < times; look += 1) {
        await expect.poll(() => clock.pending).toBeGreaterThan(0)
        clock.advance(LOOK_MS)
        await server.certificate?.looked
      }
    }
    return { ...server, origin, clock, put, shown, said, looks }
  }

  async function handshake(port: number, options: { ALPNProtocols?: string[] } = {}): Promise<TLSSocket> {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca: authority.pem,
      servername: 'localhost',
      ...options,
    })
    await once(socket, 'secureConnect')
    return socket
  }

  it('serves the page and the API over HTTP/1.1 and TLS', async () => {
    const { origin, origins, shown, port } = await start()
    expect(origins.first).toBe(`https://localhost:${port}`)
    const dispatcher = new Agent({ connect: { ca: authority.pem } })
    onTestFinished(() => dispatcher.close())
    const answer = await fetch(new URL(paths.about(), origin), { dispatcher })
    expect(answer.status).toBe(200)
    // Browsers would remember it for all of this machine's ports.
    expect(answer.headers.get('strict-transport-security')).toBeNull()
    expect(await shown({ ALPNProtocols: ['h2', 'http/1.1'] })).toMatchObject({ protocol: 'http/1.1' })
    await expect(handshake(port, { ALPNProtocols: ['h2'] })).rejects.toThrow(/alert/)
  })

  it('hangs up on who speaks no TLS', async () => {
    const { port } = await start()
    const socket = connectPlain(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    let answer = ''
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'close')
    expect(answer).not.toContain('HTTP/1.1 200')
  })

  it('shows a new one to who comes next, and an open line goes on', async () => {
    const { origin, put, shown, said, looks } = await start()
    const { serialNumber: before } = await shown()
    const line = await openLine(origin)
    await line.typed('before')

    put(second)
    await looks()
    const { serialNumber: after } = await shown()
    expect(after).not.toBe(before)
    expect(said().map(({ msg }) => msg)).toContain('a new certificate is shown from now on')
    await line.typed('after')
    expect(line.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('keeps the one before where the new one is none, and says so once, at the second look', async () => {
    const { put, shown, said, looks } = await start()
    const before = await shown()
    const faults = () => said().flatMap(({ fault }) => (fault === undefined ? [] : [fault]))
    // Two files are not replaced at once.
    put({ cert: second.cert })
    await looks()
    expect(faults()).toEqual([])
    await looks(3)
    expect(faults()).toEqual([
      'BMS_CONSOLE_TLS_KEY names the key of another certificate than BMS_CONSOLE_TLS_CERT',
    ])
    const old = authority.issue({ valid: expired })
    put(old)
    await looks(2)
    expect(faults().at(-1)).toContain('expired on 2021-01-01')
    expect(await shown()).toEqual(before)
    expect(JSON.stringify(said())).not.toContain('PRIVATE')

    put(second)
    await looks()
    expect((await shown()).serialNumber).not.toBe(before.serialNumber)
  })

  it('is asked by an administrator, and says what came of it', async () => {
    const { put, certificate, said } = await start()
    await certificate?.reload()
    put({ key: second.key })
    await certificate?.reload()
    put(second)
    await certificate?.reload()
    expect(said().map(({ msg }) => msg)).toEqual([
      'the certificate expires soon',
      'the certificate is the same as before',
      'the new certificate is refused, and the one before stays',
      'a new certificate is shown from now on',
      'the certificate expires soon',
    ])
  })

  it('warns once a day before it expires, and says when it has', async () => {
    const { clock, said, looks } = await start()
    await looks(3)
    expect(said()).toHaveLength(1)
    clock.set(DAY_MS)
    await looks(2)
    clock.set(2 * DAY_MS)
    await looks(2)
    expect(said().map(({ level, msg }) => [level, msg])).toEqual([
      [40, 'the certificate expires soon'],
      [40, 'the certificate expires soon'],
      [50, 'the certificate has expired: browsers refuse this server'],
    ])
  })

  /** A console's WebSocket with the keyboard, on a gateway that repeats what is typed */
  async function openLine(origin: string) {
    const dispatcher = new Agent({ connect: { ca: authority.pem } })
    onTestFinished(() => dispatcher.close())
    const answer = await fetch(new URL(paths.issueConsole('a'), origin), {
      method: 'POST',
      headers: { origin },
      dispatcher,
    })
    const issued = IssuedConsole.parse(await answer.json())
    if (issued.transport !== 'relay') throw new Error('not a relay')
    const url = new URL(paths.relay(issued.session), origin.replace('https:', 'wss:'))
    const socket = new WebSocket(url, RELAY_SUBPROTOCOL, { origin, ca: authority.pem })
    onTestFinished(() => socket.terminate())
    let heard = ''
    socket.on('message', (data: Buffer, binary) => {
      if (binary) heard += data.toString('utf8')
      else if (data.includes('"hello"')) socket.send(JSON.stringify({ type: 'take' }))
    })
    await once(socket, 'open')
    socket.send(JSON.stringify(resumeWith(issued.ticket, 'client-of-the-test')))
    return {
      socket,
      async typed(text: string) {
        await expect
          .poll(() => {
            if (!heard.includes(text)) socket.send(Buffer.from(text))
            return heard
          })
          .toContain(text)
      },
    }
  }
})
