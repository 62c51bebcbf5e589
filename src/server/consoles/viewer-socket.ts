import type { FastifyBaseLogger } from 'fastify'
import { WebSocket } from 'ws'
import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import { type RelayMessage, ViewerMessage } from '../../shared/relay-protocol.ts'
import type { AttachedViewer } from './session.ts'
import type { ViewerPort } from './viewer-cursor.ts'

const RESUME_MS = 5_000
const PING_MS = 20_000
/** How long a viewer may take to answer our close before its connection is cut. */
const CLOSE_MS = 2_000
const BINARY = { binary: true, compress: false } as const

export interface ViewerSocketOptions {
  log: FastifyBaseLogger
  clock: Clock
  /** The sign-in that it came with. */
  signIn: string | null
  /** Lets a viewer in. @returns the failure to send to a viewer that may not join */
  join: (port: ViewerPort, resume: Extract<ViewerMessage, { type: 'resume' }>) => AttachedViewer | Failure
}

/**
 * A viewer's WebSocket. It parses what the viewer sends, and drops a viewer that no longer answers. Binary frames are
 * keystrokes; text frames are the protocol's messages, and `resume` must come first.
 */
export class ViewerSocket implements ViewerPort {
  readonly #socket: WebSocket
  readonly #options: ViewerSocketOptions
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>
  #viewer: AttachedViewer | null = null
  #paused = false
  #missedPongs = 0
  readonly #cancelResumeTimer: () => void
  #cancelPing: () => void = () => {}

  constructor(socket: WebSocket, options: ViewerSocketOptions) {
    this.#socket = socket
    this.#options = options
    // `once` of node:events would reject on an error, and one oversized frame would end the whole server.
    this.closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    socket.on('message', (data: Buffer, isBinary) => {
      if (socket.readyState !== WebSocket.OPEN) return
      if (!isBinary) this.#control(data)
      else if (this.#viewer) this.#viewer.input(data)
      else this.refuse({ cause: 'protocol-error', detail: 'The page sent input before “resume”.' })
    })
    socket.on('pong', () => {
      this.#missedPongs = 0
    })
    socket.on('error', (error) => {
      options.log.debug({ code: 'code' in error ? error.code : error.name }, 'viewer socket failed')
    })
    socket.on('close', () => {
      this.#cancelResumeTimer()
      this.#cancelPing()
      this.#viewer?.left()
    })
    this.#cancelResumeTimer = options.clock.after(RESUME_MS, () =>
      this.refuse({ cause: 'ticket-refused', detail: 'The page sent no ticket in time.' }),
    )
    this.#pingLater()
  }

  get signIn(): string | null {
    return this.#options.signIn
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(bytes: Buffer, sent: () => void): void {
    this.#socket.send(bytes, BINARY, sent)
  }

  notify(message: RelayMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    this.#paused = false
    this.#socket.resume()
  }

  close(): void {
    const socket = this.#socket
    if (socket.readyState !== WebSocket.OPEN) return
    socket.close(1000)
    socket.once(
      'close',
      this.#options.clock.after(CLOSE_MS, () => socket.terminate()),
    )
  }

  /** Sends the reason, then closes. */
  refuse(failure: Failure): void {
    this.#options.log.info({ cause: failure.cause }, 'viewer refused')
    this.notify({ type: 'closing', failure })
    // The viewer leaves now, not when its connection is gone: it may have the keyboard.
    this.#viewer?.left(failure.cause)
    this.close()
  }

  #control(data: Buffer): void {
    const message = parse(data)
    if (!message) {
      this.refuse({
        cause: 'protocol-error',
        detail: 'The page sent a message that the relay does not know.',
      })
    } else if (message.type !== 'resume') {
      this.#viewer?.message(message)
    } else if (this.#viewer) {
      this.refuse({ cause: 'protocol-error', detail: 'The page sent “resume” twice.' })
    } else {
      this.#cancelResumeTimer()
      const joined = this.#options.join(this, message)
      if ('cause' in joined) this.refuse(joined)
      else this.#viewer = joined
    }
  }

  #pingLater(): void {
    this.#cancelPing = this.#options.clock.after(PING_MS, () => this.#ping())
  }

  #ping(): void {
    if (this.#missedPongs >= 2) {
      this.#socket.terminate()
      return
    }
    // A paused viewer is not read, so its pongs cannot be seen.
    if (!this.#paused) this.#missedPongs += 1
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
    this.#pingLater()
  }
}

function parse(data: Buffer): ViewerMessage | null {
  try {
    return ViewerMessage.safeParse(JSON.parse(data.toString('utf8'))).data ?? null
  } catch {
    return null
  }
}
