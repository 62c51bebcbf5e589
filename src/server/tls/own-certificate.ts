import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import { CERT, day, KEY, type KeyPair, keyPair, type PairFault, unreadable } from './key-pair.ts'
import type { TlsSettings } from './settings.ts'

/** How often the files are looked at. They may be links, or lie on a network's disk, where no event tells. */
const LOOK_MS = 10_000
/** How long a client may take for its handshake */
const HANDSHAKE_MS = 10_000
const DAY_MS = 86_400_000
/** The log warns so long before the certificate expires, once a day. */
const SOON_MS = 14 * DAY_MS

/**
 * The certificate that this server shows. A new one counts for new connections, and open lines stay. A pair that browsers
 * would refuse is logged, and the one before stays.
 */
export class OwnCertificate {
  readonly #servers = new Set<Server>()
  #pair: KeyPair
  /** What was wrong at the last look, and whether the log has it */
  #fault: { says: string; told: boolean } | null = null
  #warned = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | null = null
  /** The last look at the files, which may be under way */
  looked: Promise<void> = Promise.resolve()

  constructor(
    private readonly files: Pick<TlsSettings, 'certFile' | 'keyFile' | 'pair'>,
    private readonly log: FastifyBaseLogger,
    private readonly clock: Clock,
  ) {
    this.#pair = files.pair
  }

  /** When the one that is shown expires, epoch ms */
  get until(): number {
    return this.#pair.until
  }

  /** A server that shows it. WebSockets need HTTP/1.1, so nothing else is offered. */
  serve(listener: RequestListener, options: ServerOptions): Server {
    const server = createServer(
      {
        ...options,
        ...shown(this.#pair),
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: HANDSHAKE_MS,
      },
      listener,
    )
    // A client without TLS cannot be answered.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    this.#servers.add(server)
    server.once('close', () => this.#servers.delete(server))
    return server
  }

  /** Looks at the files from now on. @returns ends that */
  watch(): () => void {
    const next = () => {
      this.#cancel = this.clock.after(LOOK_MS, () => {
        this.looked = this.#look({ asked: false }).then(() => {
          if (this.#cancel) next()
        })
      })
    }
    this.#warn()
    next()
    return () => {
      this.#cancel?.()
      this.#cancel = null
    }
  }

  /** An administrator asks for it, so the log says what came of it. */
  async reload(): Promise<void> {
    const before = this.#pair
    await this.#look({ asked: true })
    if (!this.#fault && this.#pair === before) this.log.info('the certificate is the same as before')
  }

  async #look({ asked }: { asked: boolean }): Promise<void> {
    const read = await this.#read()
    if ('fault' in read) {
      // Two files are not replaced at once, so what is wrong at one look may be right at the next.
      const seen = this.#fault?.says === read.fault ? this.#fault : null
      const tell = asked || (seen !== null && !seen.told)
      if (tell)
        this.log.error({ fault: read.fault }, 'the new certificate is refused, and the one before stays')
      this.#fault = { says: read.fault, told: tell || (seen?.told ?? false) }
    } else {
      this.#fault = null
      if (read !== this.#pair) this.#take(read)
    }
    this.#warn()
  }

  #take(pair: KeyPair): void {
    this.#pair = pair
    for (const server of this.#servers) server.setSecureContext(shown(pair))
    this.#warned = Number.NEGATIVE_INFINITY
    this.log.info({ until: day(pair.until) }, 'a new certificate is shown from now on')
  }

  /** @returns the pair that is shown, where the files still hold it */
  async #read(): Promise<KeyPair | PairFault> {
    const { certFile, keyFile } = this.files
    const [cert, key] = await Promise.all([readPem(CERT, certFile), readPem(KEY, keyFile)])
    if (typeof cert !== 'string') return cert
    if (typeof key !== 'string') return key
    if (cert === this.#pair.cert && key === this.#pair.key) return this.#pair
    return keyPair({ cert, key }, this.clock.now())
  }

  #warn(): void {
    const { until } = this.#pair
    const now = this.clock.now()
    if (now < until - SOON_MS || now < this.#warned + DAY_MS) return
    this.#warned = now
    const about = { until: day(until) }
    if (now > until) this.log.error(about, 'the certificate has expired: browsers refuse this server')
    else this.log.warn(about, 'the certificate expires soon')
  }
}

/** A new context forgets all of the one before. */
const shown = ({ cert, key }: KeyPair): SecureContextOptions => ({ cert, key, minVersion: 'TLSv1.2' })

async function readPem(setting: string, path: string): Promise<string | PairFault> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    return unreadable(setting, error)
  }
}
