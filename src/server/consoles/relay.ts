import type { FastifyBaseLogger } from 'fastify'
import { WebSocket } from 'ws'
import type { Failure } from '../../shared/cause.ts'
import { RELAY_WINDOW_BYTES, type RelayMessage, ViewerMessage } from '../../shared/relay-protocol.ts'
import type { PendingConsole } from './relay-sessions.ts'

/** Above HIGH bytes waiting in a socket its source is paused, below LOW it goes on. */
const HIGH_WATER = 1024 * 1024
const LOW_WATER = 256 * 1024
/** Keys typed before the gateway's socket opens; more than this is a paste into nowhere. */
const MAX_EARLY_INPUT = 64 * 1024
/** A gateway that accepted us and hangs up within this time without a byte refused the token. */
const REFUSAL_MS = 3_000
const HANDSHAKE_MS = 10_000
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
  #gateway: WebSocket | null = null
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
    if (this.#gateway) {
      this.#gateway.resume()
      closeSoon(this.#gateway)
    }
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
    // No subprotocol: nova-serialproxy and websockify take none or `binary`, and `ws` refuses a gateway that
    // selects none once one was offered. No Origin: they accept that, and refuse a foreign one only after the
    // handshake.
    const gateway = new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      followRedirects: false,
      maxPayload: 16 * 1024 * 1024,
      skipUTF8Validation: true,
    })
    this.#gateway = gateway
    let fault: string | null = null
    gateway.on('open', () => {
      this.#openedAt = Date.now()
      for (const data of this.#early) gateway.send(data, { binary: true })
      this.#early = []
      this.#tell({ type: 'state', gateway: 'open' })
    })
    gateway.on('message', (data: Buffer) => this.#output(data))
    gateway.on('unexpected-response', (_request, response) => {
      fault = `The gateway answered HTTP ${response.statusCode ?? '?'} instead of opening a WebSocket.`
      response.resume()
      gateway.terminate()
    })
    gateway.on('error', (error) => {
      // The error's own text may hold the URL; its code does not.
      fault ??= errorCode(error)
    })
    gateway.on('close', (code) => this.#gatewayLeft(code, fault))
  }

  /** nova-serialproxy breaks the closing handshake, so an error after the open is read as the end it was. */
  #gatewayLeft(code: number, fault: string | null): void {
    if (this.#openedAt === null) {
      this.end({ cause: 'gateway-unreachable', detail: fault ?? 'The gateway did not answer.' })
    } else if (code === 1003) {
      this.end({ cause: 'protocol-error', detail: 'The gateway does not accept binary frames.' })
    } else if (this.#sent === 0 && Date.now() - this.#openedAt < REFUSAL_MS) {
      this.end({
        cause: 'gateway-refused',
        detail: `The gateway hung up before the first byte (close ${code}).`,
      })
    } else {
      this.end({ cause: 'gateway-closed', detail: `The gateway closed the line (close ${code}).` })
    }
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
    if (!gateway || gateway.readyState === WebSocket.CONNECTING) {
      this.#earlyBytes += data.length
      if (this.#earlyBytes > MAX_EARLY_INPUT) {
        this.end({ cause: 'protocol-error', detail: 'The page sent too much before the line was open.' })
      } else {
        this.#early.push(data)
      }
      return
    }
    if (gateway.readyState !== WebSocket.OPEN) return
    gateway.send(data, BINARY, () => this.#balanceInput())
    this.#balanceInput()
  }

  #balanceInput(): void {
    const waiting = this.#gateway?.bufferedAmount ?? 0
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

const errorCode = (error: Error) => ('code' in error ? String(error.code) : error.name)
