import { EventEmitter, once } from 'node:events'
import { connect as connectTcp, createServer as createTcp, type Server, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTls } from 'node:tls'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../e2e/lab/tools.ts'
import { steadyClock } from '../../../shared/clock.ts'
import { ManualClock } from '../../../testing/clock.ts'
import { isInstalled } from '../../../testing/installed.ts'
import { TestAuthority } from '../../../testing/outbound/certificates.ts'
import { ConfigError } from '../../environment.ts'
import { connectLink } from './connect.ts'
import { LinkServer } from './link-server.ts'
import { linkSecret } from './secret.ts'

const secret = linkSecret('a secret that all replicas share')
const stranger = linkSecret('another secret than the others have')
const preface = { from: { address: '192.0.2.7', port: 4711 } }

/** A replica that listens for others, and what comes to it */
async function listening(clock = steadyClock) {
  const log: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) })
  const came = new EventEmitter<{ socket: [Socket] }>()
  const accepted: Socket[] = []
  const accept = (socket: Socket) => {
    accepted.push(socket)
    came.emit('socket', socket)
  }
  const server = new LinkServer({ secret, log: logger, clock, accept })
  const address = { host: '127.0.0.1', port: await freePort() }
  await server.listen(address)
  onTestFinished(() => server.close())
  return { address, log, server, accepted, came }
}

/** Something else that listens */
async function other(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it does not listen at a port')
  return { host: address.address, port: address.port }
}

const gone = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

describe('the link between replicas', () => {
  it('is TLS 1.3 with a fresh key, and tells from where the client came', async () => {
    const { address, came } = await listening()
    const arrival = once(came, 'socket')
    const link = await connectLink(address, preface, { secret, clock: steadyClock })
    onTestFinished(() => void link.destroy())
    expect([link.getProtocol(), link.getCipher().name]).toEqual(['TLSv1.3', 'TLS_AES_128_GCM_SHA256'])
    expect(link.getEphemeralKeyInfo()).toMatchObject({ type: 'ECDH' })
    const [socket] = await arrival
    expect([socket.remoteAddress, socket.remotePort]).toEqual(['192.0.2.7', 4711])
  })

  it('passes on what follows the first line, in whatever pieces it comes', async () => {
    const { address, came } = await listening()
    const link = connectTls({ ...secret.client, ...address })
    onTestFinished(() => void link.destroy())
    await once(link, 'secureConnect')
    let said = ''
    const end = new Promise<void>((resolve) => {
      came.once('socket', (socket) => {
        socket.on('data', (bytes: Buffer) => {
          said += bytes
        })
        socket.once('end', resolve)
        link.end(' more')
      })
    })
    link.write('{"from":{"address":"::1",')
    link.write('"port":1}}\nand')
    await end
    expect(said).toBe('and more')
  })

  it.each([
    ['nothing but its own protocol', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no line at all', 'x'.repeat(300)],
    ['a line without an address', '{"from":{}}\n'],
  ])('ends a connection that begins with %s', async (_what, said) => {
    const { address, accepted, log } = await listening()
    const link = connectTls({ ...secret.client, ...address })
    await once(link, 'secureConnect')
    link.write(said)
    link.on('error', () => {})
    link.resume()
    await gone(link)
    expect(accepted).toEqual([])
    expect(log.join()).toContain('something else than its first line')
  })

  it('waits 2 s for the first line', async () => {
    const clock = new ManualClock()
    const { address, accepted, server } = await listening(clock)
    const link = connectTls({ ...secret.client, ...address })
    await once(link, 'secureConnect')
    link.resume()
    const end = gone(link)
    await expect.poll(() => clock.pending).toBe(1)
    clock.advance(2_000)
    await end
    expect([accepted, clock.pending]).toEqual([[], 0])
    // Nothing of it is left that a shutdown would wait for.
    await server.close()
  })

  it('refuses another secret, on both sides', async () => {
    const { address, accepted, log, server } = await listening()
    await expect(
      connectLink(address, preface, { secret: stranger, clock: steadyClock }),
    ).rejects.toMatchObject({ fault: 'unreachable' })
    await expect.poll(() => log.join()).toContain('a link was refused')
    expect(accepted).toEqual([])
    // It serves the others as before.
    const link = await connectLink(address, preface, { secret, clock: steadyClock })
    link.destroy()
    await server.close()
  })

  it.each([
    ['no key', (port: number) => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })],
    [
      'an older TLS',
      (port: number) =>
        connectTls({
          ...secret.client,
          port,
          host: '127.0.0.1',
          minVersion: 'TLSv1.2',
          maxVersion: 'TLSv1.2',
          ciphers: 'PSK',
        }),
    ],
    [
      'no TLS',
      (port: number) => {
        const socket = connectTcp(port, '127.0.0.1')
        socket.write('{"from":{"address":"192.0.2.7","port":1}}\nGET / HTTP/1.1\r\n\r\n')
        return socket
      },
    ],
  ])('refuses a client with %s', async (_what, open) => {
    const { address, accepted, log, server } = await listening()
    const socket = open(address.port)
    socket.on('error', () => {})
    socket.resume()
    await gone(socket)
    expect(accepted).toEqual([])
    expect(log.join()).toContain('a link was refused')
    await server.close()
  })

  it('finds nobody where nothing listens, or something else does', async () => {
    const options = { secret, clock: steadyClock }
    const nobody = { host: '127.0.0.1', port: await freePort() }
    await expect(connectLink(nobody, preface, options)).rejects.toMatchObject({ fault: 'unreachable' })
    const plain = createTcp((socket) => socket.end('220 mail\r\n'))
    onTestFinished(() => void plain.close())
    await expect(connectLink(await other(plain), preface, options)).rejects.toMatchObject({
      fault: 'unreachable',
    })
  })

  it('waits 1 s for an answer, and leaves nothing behind', async () => {
    const clock = new ManualClock()
    const silent = createTcp()
    onTestFinished(() => void silent.close())
    const address = await other(silent)
    const arrival = once(silent, 'connection')
    const tried = connectLink(address, preface, { secret, clock })
    const [socket] = await arrival
    socket.resume()
    const end = gone(socket)
    clock.advance(1_000)
    await expect(tried).rejects.toMatchObject({ fault: 'unreachable' })
    await end
    expect(clock.pending).toBe(0)
  })

  it('names the setting where its address cannot be had', async () => {
    const { address } = await listening()
    const second = new LinkServer({ secret, log: pino({ enabled: false }), clock: steadyClock, accept() {} })
    await expect(second.listen(address)).rejects.toThrow(ConfigError)
    await expect(second.listen(address)).rejects.toThrow('BMS_CONSOLE_REPLICA_ADDRESS')
    await second.close()
  })

  describe.skipIf(!isInstalled('openssl'))('to somebody with a certificate', () => {
    let authority: TestAuthority
    beforeAll(() => {
      authority = new TestAuthority()
    })
    afterAll(() => authority.remove())

    it('is refused, whoever issued it', async () => {
      const server = createTls({ ...authority.issue(), ciphers: 'ALL' })
      server.on('tlsClientError', () => {})
      onTestFinished(() => void server.close())
      const address = await other(server)
      await expect(connectLink(address, preface, { secret, clock: steadyClock })).rejects.toMatchObject({
        fault: 'unreachable',
      })
    })
  })
})
