import type { FastifyBaseLogger } from 'fastify'
import { WebSocket } from 'ws'
import type { Failure } from '../../shared/cause.ts'
import { RELAY_WINDOW_BYTES, type RelayMessage, ViewerMessage } from '../../shared/relay-protocol.ts'
import { type GatewayEnd, GatewaySocket } from './gateway-socket.ts'
import type { PendingConsole } from './relay-sessions.ts'

/** Above HIGH bytes waiting in a socket its source is paused, below LOW it goes on. */
const HIGH_WATER = 1024 * 1024
const LOW_WATER = 256 * 1024
/** Keys typed before the gateway's socket opens; more than this is a paste into nowhere. */
const MAX_EARLY_INPUT = 64 * 1024
/** A gateway that accepted us and hangs up within this time without a byte refused the token. */
const REFUSAL_MS = 3_000
const RESUME_MS = 5_000
const PING_MS = 20_000
/** How long a peer may take to answer our close before its connection is cut. */
const CLOSE_MS = 2_000

export interface RelayOptions {
  session: string
  log: FastifyBaseLogger
  redeem: (ticket: string) => PendingConsole | null
}

/**
 * One viewer and one gateway, joined. Serial bytes pass as they are, as binary frames; text frames from the
 * viewer are the protocol's messages. The gateway's URL, and with it the token, stays in here.
 *
 * Back-pressure: towards the viewer the gateway is not read while the viewer's socket is full or its last `ack`
 * is a window behind; towards the gateway the viewer is not read while the gateway's socket is full. In that
 * second case acks cannot be seen, so credit is not asked for: both waiting for each other would be for ever.
 */
export class Relay {
  readonly #viewer: WebSocket
  readonly #options: RelayOptions
  #gateway: GatewaySocket | null = null
  #openedAt: number | null = null
  #sent = 0
  #acknowledged = 0
  #early: Buffer[] = []
  #earlyBytes = 0
  #inputHeld = false
  #outputHeld = false
  #ended = false
  #missedPongs = 0
  readonly #resumeTimer: NodeJS.Timeout
  readonly #pingTimer: NodeJS.Timeout

  constructor(viewer: WebSocket, options: RelayOptions) {
    this.#viewer = viewer
    this.#options = options
    viewer.on('message', (data: Buffer, isBinary) => (isBinary ? this.#input(data) : this.#control(data)))
    viewer.on('pong', () => {
      this.#missedPongs = 0
    })
    viewer.on('error', (error) => options.log.debug({ code: errorCode(error) }, 'viewer socket failed'))
    viewer.on('close', () => this.#viewerLeft())
    this.#resumeTimer = setTimeout(
      () => this.end({ cause: 'ticket-refused', detail: 'The page sent no ticket in time.' }),
      RESUME_MS,
    )
    this.#pingTimer = setInterval(() => this.#ping(), PING_MS)
  }

  /** Tells the viewer why, then closes both sides. */
  end(failure: Failure): void {
    if (this.#ended) return
    this.#ended = true
    this.#options.log.info({ cause: failure.cause, bytes: this.#sent }, 'relay ended')
    this.#tell({ type: 'closing', failure })
    this.#viewer.resume()
    closeSoon(this.#viewer)
    this.#release()
  }

  /** As `end`, and resolves when the viewer's socket is closed, or was cut after 2 s. */
  async endAndWait(failure: Failure): Promise<void> {
    const closed =
      this.#viewer.readyState === WebSocket.CLOSED
        ? Promise.resolve()
        : new Promise<void>((resolve) => this.#viewer.once('close', () => resolve()))
    this.end(failure)
    await closed
  }

  /** The viewer is gone: the line is released. */
  #viewerLeft(): void {
    if (!this.#ended) this.#options.log.info({ bytes: this.#sent }, 'viewer left')
    this.#ended = true
    this.#release()
  }

  #release(): void {
    clearTimeout(this.#resumeTimer)
    clearInterval(this.#pingTimer)
    this.#early = []
    this.#gateway?.close()
  }

  #tell(message: RelayMessage): void {
    if (this.#viewer.readyState === WebSocket.OPEN) this.#viewer.send(JSON.stringify(message))
  }

  #ping(): void {
    if (this.#missedPongs >= 2) {
      this.#viewer.terminate()
      return
    }
    // A held viewer is not read, so its pongs cannot be seen.
    if (!this.#inputHeld) this.#missedPongs += 1
    if (this.#viewer.readyState === WebSocket.OPEN) this.#viewer.ping()
  }

  #control(data: Buffer): void {
    const message = parseViewerMessage(data)
    if (!message) {
      this.end({ cause: 'protocol-error', detail: 'The page sent a message that the relay does not know.' })
      return
    }
    switch (message.type) {
      case 'resume':
        this.#resume(message.ticket)
        return
      case 'ack':
        // An ack beyond what was sent would open the window for ever.
        if (message.offset > this.#acknowledged) this.#acknowledged = Math.min(message.offset, this.#sent)
        this.#balanceOutput()
    }
  }

  #resume(ticket: string): void {
    const pending = this.#gateway ? null : this.#options.redeem(ticket)
    if (!pending) {
      this.end({ cause: 'ticket-refused', detail: 'The ticket was used before or is older than 30 seconds.' })
      return
    }
    clearTimeout(this.#resumeTimer)
    this.#options.log.info({ server: pending.serverId }, 'relay begins')
    this.#tell({ type: 'hello', session: this.#options.session, offset: 0, replayFrom: 0 })
    this.#tell({ type: 'live' })
    this.#tell({ type: 'state', gateway: 'opening' })
    this.#openGateway(pending.url)
  }

  #openGateway(url: string): void {
    const gateway = new GatewaySocket(url, {
      onOpen: () => {
        this.#openedAt = Date.now()
        for (const data of this.#early) gateway.send(data)
        this.#early = []
        this.#tell({ type: 'state', gateway: 'open' })
      },
      onBytes: (bytes) => this.#output(bytes),
      onDrain: () => this.#balanceInput(),
      onEnd: (end) => this.end(failureOf(end, this.#sent > 0, this.#openedAt)),
    })
    this.#gateway = gateway
  }

  #output(data: Buffer): void {
    if (this.#ended) return
    this.#sent += data.length
    if (this.#viewer.bufferedAmount < HIGH_WATER) {
      this.#viewer.send(data, BINARY)
    } else {
      this.#viewer.send(data, BINARY, () => this.#balanceOutput())
    }
    this.#balanceOutput()
  }

  #balanceOutput(): void {
    const gateway = this.#gateway
    if (!gateway || this.#ended) return
    const unacknowledged = this.#sent - this.#acknowledged
    const noCredit = !this.#inputHeld && unacknowledged >= RELAY_WINDOW_BYTES
    const mark = this.#outputHeld ? LOW_WATER : HIGH_WATER
    const held = noCredit || this.#viewer.bufferedAmount > mark
    if (held === this.#outputHeld) return
    this.#outputHeld = held
    if (held) gateway.pause()
    else gateway.resume()
  }

  #input(data: Buffer): void {
    const gateway = this.#gateway
    if (this.#ended) return
    if (!gateway?.isOpen) {
      this.#earlyBytes += data.length
      if (this.#earlyBytes > MAX_EARLY_INPUT) {
        this.end({ cause: 'protocol-error', detail: 'The page sent too much before the line was open.' })
      } else {
        this.#early.push(data)
      }
      return
    }
    gateway.send(data)
    this.#balanceInput()
  }

  #balanceInput(): void {
    const waiting = this.#gateway?.bufferedBytes ?? 0
    const held = waiting > (this.#inputHeld ? LOW_WATER : HIGH_WATER)
    if (held === this.#inputHeld) return
    this.#inputHeld = held
    if (held) this.#viewer.pause()
    else this.#viewer.resume()
    this.#balanceOutput()
  }
}

const BINARY = { binary: true, compress: false } as const

function parseViewerMessage(data: Buffer): ViewerMessage | null {
  try {
    return ViewerMessage.safeParse(JSON.parse(data.toString('utf8'))).data ?? null
  } catch {
    return null
  }
}

function closeSoon(socket: WebSocket): void {
  if (socket.readyState === WebSocket.CLOSED) return
  if (socket.readyState === WebSocket.CONNECTING) {
    socket.terminate()
    return
  }
  socket.close(1000)
  const timer = setTimeout(() => socket.terminate(), CLOSE_MS)
  socket.once('close', () => clearTimeout(timer))
}

/** Why the line ended, as far as a gateway lets it be known. */
function failureOf(end: GatewayEnd, spoke: boolean, openedAt: number | null): Failure {
  switch (end.kind) {
    case 'unreachable':
      return { cause: 'gateway-unreachable', detail: end.detail }
    case 'unintelligible':
      return { cause: 'protocol-error', detail: `The gateway is no WebSocket server: ${end.detail}` }
    case 'closed':
      if (end.code === 1003) {
        return { cause: 'protocol-error', detail: 'The gateway does not accept binary frames.' }
      }
      return !spoke && openedAt !== null && Date.now() - openedAt < REFUSAL_MS
        ? {
            cause: 'gateway-refused',
            detail: `The gateway hung up before the first byte (close ${end.code}).`,
          }
        : { cause: 'gateway-closed', detail: `The gateway closed the line (close ${end.code}).` }
  }
}

const errorCode = (error: Error) => ('code' in error ? String(error.code) : error.name)
