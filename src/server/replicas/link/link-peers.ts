import { Agent, type ClientRequest, type ClientRequestArgs, type IncomingMessage, request } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../../shared/clock.ts'
import type { HostPort } from '../../environment.ts'
import type { PeerAnswer } from '../peer.ts'
import { answerOf } from './answer.ts'
import { connectLink } from './connect.ts'
import { LinkError } from './link-error.ts'
import type { LinkSecret } from './secret.ts'

/** A replica is near, and what it is asked for is small. */
const ANSWER_MS = 2_000
/** Connections to one replica at a time: as many as it is asked to take lines */
const MOST_SOCKETS = 16
const MOST_BYTES = 16 * 1024 * 1024

/** What is asked of another replica. Where a connection is cut, it may be done twice. */
interface Question {
  method: 'GET' | 'DELETE' | 'POST'
  path: string
  /** As JSON; absent: none */
  body?: unknown
  /** How long the answer may take; absent: as long as one that is small */
  waitMs?: number
}

export interface LinkPeersOptions {
  secret: LinkSecret
  clock: Clock
  /** What the requests name as their host: one of this server's public ones, which the others know, too */
  host: () => string
  /** The path below which all is served */
  basePath: string
}

/** Asks other replicas what only they know or can do. Connections stay for the next question. */
export class LinkPeers {
  readonly #options: LinkPeersOptions
  readonly #agent: LinkAgent

  constructor(options: LinkPeersOptions) {
    this.#options = options
    this.#agent = new LinkAgent(options)
  }

  peer({ id, address }: { id: string; address: HostPort }) {
    return {
      id,
      get: (path: string) => this.get(address, path),
      post: (path: string, body: unknown, waitMs: number) =>
        this.#answer(address, { method: 'POST', path, body, waitMs }),
      /** What the path names shall go. @returns the status; null: it does not answer */
      remove: async (path: string) =>
        (await this.#answer(address, { method: 'DELETE', path }))?.status ?? null,
      /** @returns a body of any length, as it is read, which throws where it is cut; null: there is none */
      open: (path: string) => this.#open(address, path),
    }
  }

  /** @returns null: it does not answer */
  get(address: HostPort, path: string): Promise<PeerAnswer | null> {
    return this.#answer(address, { method: 'GET', path })
  }

  close(): void {
    this.#agent.destroy()
  }

  async #answer(address: HostPort, question: Question): Promise<PeerAnswer | null> {
    const first = await this.#ask(address, question)
    // The other end may have closed a connection just when it was used again.
    const answer = first === 'stale' ? await this.#ask(address, question) : first
    return answer === 'stale' ? null : answer
  }

  /** It has a connection of its own: a slow reader must not keep the others waiting. */
  async #open(address: HostPort, path: string): Promise<AsyncIterable<Buffer> | null> {
    const { basePath, clock, host } = this.#options
    try {
      const link = await connectLink(address, OWN, this.#options)
      const cancel = clock.after(ANSWER_MS, () => link.destroy())
      const headers = { host: host(), connection: 'close' }
      const asked = request({ createConnection: () => link, path: `${basePath}${path}`, headers })
      asked.end()
      const answer = await answerOf(asked).finally(cancel)
      if (answer.statusCode === 200) return answer
      link.destroy()
    } catch (error) {
      if (!(error instanceof LinkError)) throw error
    }
    return null
  }

  #ask(
    { host, port }: HostPort,
    { method, path, body, waitMs = ANSWER_MS }: Question,
  ): Promise<PeerAnswer | 'stale' | null> {
    const { basePath, clock } = this.#options
    const text = body === undefined ? null : JSON.stringify(body)
    const ofBody =
      text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    return new Promise((resolve) => {
      const asked: ClientRequest = request({
        agent: this.#agent,
        method,
        host,
        port,
        path: `${basePath}${path}`,
        headers: { host: this.#options.host(), ...ofBody },
      })
      const end = (answer: PeerAnswer | 'stale' | null) => {
        cancel()
        resolve(answer)
        if (answer === null) asked.destroy()
      }
      const cancel = clock.after(waitMs, () => end(null))
      asked.on('error', () => end(asked.reusedSocket ? 'stale' : null))
      asked.once('response', (answer) => void read(answer).then(end))
      asked.end(text)
    })
  }
}

/** @returns null: it was cut, or it is too long */
async function read(answer: IncomingMessage): Promise<PeerAnswer | null> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of answer) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes > MOST_BYTES) return null
    }
  } catch {
    return null
  }
  const header = (name: string) => [answer.headers[name]].flat()[0]
  return { status: answer.statusCode ?? 0, header, body: Buffer.concat(pieces) }
}

/** Nobody else sent the request. */
const OWN = { from: { address: '::', port: 0 } }

class LinkAgent extends Agent {
  readonly #link: { secret: LinkSecret; clock: Clock }

  constructor(link: { secret: LinkSecret; clock: Clock }) {
    super({ keepAlive: true, maxSockets: MOST_SOCKETS })
    this.#link = link
  }

  override createConnection(
    { host, port }: ClientRequestArgs,
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const address = { host: host ?? '', port: Number(port) }
    // The socket is none where it failed, and the type knows of none.
    const failed = done as (error: Error) => void
    connectLink(address, OWN, this.#link).then((socket) => done(null, socket), failed)
  }
}
