import type { Writable } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import { WebSocket } from 'ws'
import { BEAT, BEAT_MS, SILENT_MS } from '../../shared/beat.ts'
import type { Failure } from '../../shared/cause.ts'
import { type Clock, noTimer } from '../../shared/clock.ts'
import type { RelayMessage, ViewerMessage } from '../../shared/relay-protocol.ts'
import { type Rate, TokenBucket } from '../../shared/token-bucket.ts'
import { LATE_MS } from './late.ts'
import { Latest } from './latest.ts'
import { ReceiptOutbox } from './receipt-outbox.ts'
import { isOften, parseMessage, takeOut } from './viewer-frames.ts'
import type { AttachedViewer, ViewerPort } from './viewer-port.ts'

const RESUME_MS = 5_000
/** How long a viewer may take to answer our close before its connection is cut. */
const CLOSE_MS = 2_000
const BINARY = { binary: true, compress: false } as const
/** A `resume` is the longest message that a page sends, and far shorter. */
const MAX_MESSAGE_BYTES = 4 * 1024
/**
 * Frames of every kind. A held key repeats 30 times a second, and a fast mouse reports 250 moves. Each piece of output
 * allows one more, since the viewer may acknowledge it.
 */
const FRAMES: Rate = { burst: 1_000, perSecond: 500 }
/** A longer frame counts as several. A paste comes in pieces of 256 bytes. */
const FRAME_BYTES = 4 * 1024
/** Messages that ask for something. Each is a person's click. */
const REQUESTS: Rate = { burst: 30, perSecond: 2 }
const RETRY_AFTER_S = 10

export interface ViewerSocketOptions {
  /** The connection that the WebSocket is on */
  wire: Pick<Writable, 'cork' | 'uncork' | 'writableCorked'>
  log: FastifyBaseLogger
  clock: Clock
  /** The sign-in that it came with. */
  signIn: string | null
  /** The replica that passes it on. null or absent: none */
  via?: string | null
  /** Lets a viewer in. @returns the failure to send to a viewer that may not join */
  join: (port: ViewerPort, resume: Extract<ViewerMessage, { type: 'resume' }>) => AttachedViewer | Failure
}

/**
 * A viewer's WebSocket. It parses what the viewer sends, and ends a viewer from which nothing comes. Binary frames are
 * keystrokes; text frames are the protocol's messages, and `resume` must come first.
 *
 * Whatever the viewer does, little waits for it here. Serial bytes wait for credit. Where messages replace each other,
 * only the newest waits. Frames that come too fast are read more slowly.
 */
export class ViewerSocket implements ViewerPort {
  readonly #socket: WebSocket
  readonly #options: ViewerSocketOptions
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>
  readonly #latest = new Latest()
  readonly #receipts: ReceiptOutbox
  readonly #frames: TokenBucket
  /** Made with the first request: most viewers send none after they joined. */
  #requests: TokenBucket | null = null
  #viewer: AttachedViewer | null = null
  /** It sends too fast. */
  #paced = false
  #heardAt: number
  #cancelResumeTimer: () => void
  #cancelBeat: () => void = noTimer
  #cancelPace: () => void = noTimer

  constructor(socket: WebSocket, options: ViewerSocketOptions) {
    this.#socket = socket
    this.#options = options
    this.#receipts = new ReceiptOutbox((receipt, sent) => this.#write(receipt, sent), options.clock)
    this.#frames = new TokenBucket(FRAMES, options.clock)
    // `once` of node:events would reject on an error, and one oversized frame would end the whole server.
    // One listener of each kind: a second one would make a list of them, for each of thousands of viewers.
    this.closed = new Promise<void>((resolve) =>
      socket.on('close', () => {
        this.#closed()
        resolve()
      }),
    )
    socket.binaryType = 'fragments'
    socket.on('message', (message: Buffer | Buffer[], isBinary) => {
      const data = Array.isArray(message) ? takeOut(message) : message
      if (!this.#counts(data)) return
      if (!isBinary && data.equals(BEAT_BYTES)) return
      if (!isBinary) this.#control(data)
      else if (this.#viewer) this.#viewer.input(data)
      else this.refuse({ cause: 'protocol-error', detail: 'The page sent input before “resume”.' })
    })
    socket.on('ping', (data: Buffer) => {
      if (this.#counts(data)) this.#latest.push('pong', (sent) => socket.pong(data, false, sent))
    })
    socket.on('pong', (data: Buffer) => this.#counts(data))
    socket.on('error', (error) => {
      options.log.debug({ code: 'code' in error ? error.code : error.name }, 'viewer socket failed')
    })
    this.#cancelResumeTimer = options.clock.after(RESUME_MS, () =>
      this.refuse({ cause: 'ticket-refused', detail: 'The page sent no ticket in time.' }),
    )
    this.#heardAt = options.clock.now()
    this.#beatLater()
  }

  #closed(): void {
    this.#cancelResumeTimer()
    this.#cancelBeat()
    this.#cancelPace()
    this.#receipts.stop()
    this.#viewer?.left()
  }

  get signIn(): string | null {
    return this.#options.signIn
  }

  get via(): string | null {
    return this.#options.via ?? null
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(bytes: Buffer, sent: () => void): void {
    this.#frames.give()
    this.#join()
    this.#socket.send(bytes, BINARY, sent)
    this.#receipts.outputLeaves()
  }

  /** What this turn sends leaves in one call of the system: that is most of what an echo costs. */
  #join(): void {
    const { wire } = this.#options
    if (wire.writableCorked > 0) return
    wire.cork()
    process.nextTick(uncork, wire)
  }

  notify(message: RelayMessage): void {
    switch (message.type) {
      case 'viewers':
      case 'recording':
      case 'size':
      case 'marks':
        return this.#latest.push(message.type, (sent) => this.#write(message, sent))
      case 'warning':
        return this.#latest.push(message.limit, (sent) => this.#write(message, sent))
      case 'taken':
      case 'dropped':
        this.#receipts.push(message)
        if (this.#options.wire.writableCorked > 0) this.#receipts.outputLeaves()
        return
      // These have a place in the stream. Few come: at most one for each piece of output, or each try of the line.
      case 'hello':
      case 'state':
      case 'live':
      case 'gap':
      case 'seam':
      case 'times':
      case 'beat':
        // A receipt is of what was before.
        this.#receipts.outputLeaves()
        return this.#write(message)
      case 'closing':
        // Nothing is written after it.
        this.#receipts.allLeave()
        this.#write(message)
    }
  }

  close(): void {
    const socket = this.#socket
    if (socket.readyState !== WebSocket.OPEN) return
    // Read again, to hear the answer.
    socket.resume()
    socket.close(1000)
    socket.once(
      'close',
      this.#options.clock.after(CLOSE_MS, () => socket.terminate()),
    )
  }

  /** Its way here ends, and it comes back by another: it has its place until then. */
  sendRound(failure: Failure): void {
    this.notify({ type: 'closing', failure })
    this.close()
  }

  /** Sends the reason, then closes. */
  refuse(failure: Failure): void {
    this.#options.log.info({ cause: failure.cause }, 'viewer refused')
    this.notify({ type: 'closing', failure })
    // The viewer leaves now, not when its connection is gone: it may have the keyboard.
    this.#viewer?.left(failure.cause)
    this.close()
  }

  /** Counts a frame. @returns whether it is to be looked at; none is once we have closed */
  #counts({ length }: Buffer): boolean {
    this.#heardAt = this.#options.clock.now()
    const wait = this.#frames.borrow(1 + Math.floor(length / FRAME_BYTES))
    if (this.#socket.readyState !== WebSocket.OPEN) {
      // It hears our goodbye only if we read on, but it does not listen.
      if (wait > 0) this.#socket.terminate()
      return false
    }
    if (wait > 0 && !this.#paced) {
      this.#paced = true
      this.#readOrNot()
      this.#cancelPace = this.#options.clock.after(wait, () => {
        this.#cancelPace = noTimer
        this.#paced = false
        this.#readOrNot()
      })
    }
    return true
  }

  #readOrNot(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    if (this.#paced) this.#socket.pause()
    else this.#socket.resume()
  }

  #write(message: RelayMessage, sent?: () => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(textOf(message), sent)
  }

  #control(data: Buffer): void {
    const message = data.length > MAX_MESSAGE_BYTES ? null : parseMessage(data)
    if (!message) {
      this.refuse({
        cause: 'protocol-error',
        detail: 'The page sent a message that the relay does not know.',
      })
    } else if (isOften(message)) {
      this.#viewer?.message(message)
    } else if (message.type === 'resume') {
      this.#resume(message)
    } else if (this.#mayAsk()) {
      this.#viewer?.message(message)
    } else {
      this.refuse({
        cause: 'too-many-requests',
        detail: 'The page asked for too much at once.',
        retryAfter: RETRY_AFTER_S,
      })
    }
  }

  #mayAsk(): boolean {
    this.#requests ??= new TokenBucket(REQUESTS, this.#options.clock)
    return this.#requests.take()
  }

  #resume(message: Extract<ViewerMessage, { type: 'resume' }>): void {
    if (this.#viewer) {
      return this.refuse({ cause: 'protocol-error', detail: 'The page sent “resume” twice.' })
    }
    this.#cancelResumeTimer()
    // A timer that is over is not kept for as long as the viewer stays.
    this.#cancelResumeTimer = noTimer
    const joined = this.#options.join(this, message)
    if ('cause' in joined) this.refuse(joined)
    else this.#viewer = joined
  }

  #beatLater(): void {
    const due = this.#options.clock.now() + BEAT_MS
    this.#cancelBeat = this.#options.clock.after(BEAT_MS, () => this.#beat(due))
  }

  #beat(due: number): void {
    const now = this.#options.clock.now()
    // What waits in a socket that we do not read may be its answer.
    if (this.#paced || now - due > LATE_MS) this.#heardAt = now
    if (now - this.#heardAt >= SILENT_MS) {
      this.#options.log.info('viewer silent')
      this.#socket.terminate()
      return
    }
    this.#latest.push('beat', (sent) => this.#write({ type: 'beat' }, sent))
    this.#beatLater()
  }
}

const uncork = (wire: ViewerSocketOptions['wire']) => wire.uncork()

const BEAT_BYTES = Buffer.from(BEAT)

/** The newest message: one to all viewers is one object, and goes to them one after the other. */
let newest: { message: RelayMessage; text: string } | null = null

function textOf(message: RelayMessage): string {
  if (newest?.message !== message) newest = { message, text: JSON.stringify(message) }
  return newest.text
}
