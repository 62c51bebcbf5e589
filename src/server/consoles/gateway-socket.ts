import { createHash, randomBytes } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { WayFault } from '../../shared/cause.ts'
import { type Clock, systemClock } from '../../shared/clock.ts'
import type { Proof } from '../../shared/relay-protocol.ts'
import type { Dialler, Dialling } from '../outbound/dialler.ts'
import { targetOf } from '../outbound/proxies.ts'
import type { WayError } from '../outbound/way-error.ts'
import { clientFrame, FrameReader } from './gateway-frames.ts'
import { GatewayPulse } from './gateway-pulse.ts'
import { Latest } from './latest.ts'
import { alwaysGood, type LineLease } from './line-lease.ts'
import type { Turns } from './turns.ts'

/** How a gateway's connection ended. */
export type GatewayEnd =
  /** It never became a WebSocket. */
  | { kind: 'unreachable'; fault: WayFault | null; detail: string }
  /** The gateway sent something that is not WebSocket. */
  | { kind: 'unintelligible'; detail: string }
  /** The `code` of its close: 1005 for a close without a code, 1006 for no close at all. */
  | { kind: 'closed'; code: number }
  /** It neither answers nor hangs up. */
  | { kind: 'silent'; detail: string }

export interface GatewayHandlers {
  /** The gateway answered 101. Whether it accepts the token and the Origin shows only later. */
  onOpen(): void
  /** Serial bytes. The buffer belongs to the callee. */
  onBytes(bytes: Buffer): void
  /** The first `count` bytes that were sent have left this process. */
  onWritten(count: number): void
  /** The gateway has the first `count` bytes that were sent. */
  onProved(count: number, proof: Proof): void
  /** Called once, and never after `close`. */
  onEnd(end: GatewayEnd): void
  /** Called in its place where the lease was not good: the connection was cut without a word. */
  onFenced?(): void
}

interface GatewaySocketOptions {
  clock?: Clock
  /** It is asked before each byte to the gateway. Where it is not good, the connection is cut at once. */
  lease?: LineLease
  /**
   * Sent as a page's would be. null or absent: none is. Gateways accept that, and refuse a foreign one only after the
   * handshake.
   */
  origin?: string | null
  /** Many connections may end at once. Absent: each is alone. */
  turns?: Pick<Turns, 'do'>
}

interface Handshake {
  request: ClientRequest
  dialling: Dialling
  cancelTimer: () => void
}

const atOnce: Pick<Turns, 'do'> = { do: (run) => run() }
/** Thousands of lines have nothing to wait for. */
const DONE = Promise.resolve()
const HANDSHAKE_MS = 10_000
/** How long a gateway may take to answer our close before its connection is cut. */
const CLOSE_MS = 2_000
/** RFC 6455 section 1.3 */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * The relay's end of a serial gateway. It does not use `ws`, for two reasons. Gateways break rules that `ws` insists on:
 * nova-serialproxy selects none of the offered subprotocols and closes with the status 1005. And `ws` gathers whole
 * messages, which a serial line does not have.
 */
export class GatewaySocket {
  readonly #handlers: GatewayHandlers
  readonly #reader = new FrameReader()
  /** Kept until the 101 only, so that thousands of quiet lines do not keep their handshakes in memory. */
  #handshake: Handshake | null
  readonly #clock: Clock
  #socket: Duplex | null = null
  readonly #pulse: GatewayPulse
  #written = 0
  /** Made with the gateway's first ping: most send none. */
  #latest: Latest | null = null
  readonly #lease: LineLease
  readonly #turns: Pick<Turns, 'do'>
  /** Nothing of this connection reaches the gateway any more. */
  #closed: Promise<void> = DONE
  #ended = false
  #paused = false

  /**
   * @param url ws or wss, token included; no error and no log line of this class repeats it
   */
  constructor(
    url: string,
    handlers: GatewayHandlers,
    dialler: Dialler,
    { clock = systemClock, lease = alwaysGood, origin = null, turns = atOnce }: GatewaySocketOptions = {},
  ) {
    this.#handlers = handlers
    this.#clock = clock
    this.#lease = lease
    this.#turns = turns
    this.#pulse = new GatewayPulse({
      clock,
      ping: (payload) => this.#write(clientFrame('ping', payload)),
      onProved: (count, proof) => handlers.onProved(count, proof),
      onSilent: (detail) => this.#end({ kind: 'silent', detail }),
    })
    this.#handshake = this.#ask(new URL(url), dialler, origin)
  }

  get isOpen(): boolean {
    return this.#socket !== null && !this.#ended
  }

  /** What has not left this process, with the frames around it. */
  get bufferedBytes(): number {
    return this.#socket?.writableLength ?? 0
  }

  /** Serial bytes to the machine; only while open. */
  send(bytes: Buffer): void {
    const socket = this.#socket
    if (!socket || this.#ended) return
    // Other keys of this turn, and the ping behind them, leave in the same call of the system: that is most of what a
    // key costs.
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(GatewaySocket.#turnEnds, this, socket)
    }
    this.#pulse.handed(bytes.length)
    this.#write(clientFrame('binary', bytes), (error) => {
      if (error || this.#ended) return
      this.#written += bytes.length
      this.#pulse.written(bytes.length)
      this.#handlers.onWritten(this.#written)
    })
  }

  /** What it makes is in the scope of no function that outlives the handshake. */
  #ask(url: URL, dialler: Dialler, origin: string | null): Handshake {
    const key = randomBytes(16).toString('base64')
    const dialling = dialler.dial(targetOf(url))
    const request = requestHttp({
      createConnection: (_, done) => dialling.connect(done),
      path: url.pathname + url.search,
      headers: {
        Host: url.host,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        // nova-serialproxy and websockify accept this subprotocol or none.
        'Sec-WebSocket-Protocol': 'binary',
        ...(origin === null ? {} : { Origin: origin }),
      },
    })
    const cancelTimer = this.#clock.after(HANDSHAKE_MS, () => this.#unreachable(dialling.late(HANDSHAKE_MS)))
    request.on('upgrade', (response, socket, head) => this.#upgraded(key, response, socket, head))
    request.on('response', (response) => {
      const detail = `The gateway answered HTTP ${response.statusCode ?? '?'} instead of opening a WebSocket.`
      this.#end({ kind: 'unreachable', fault: null, detail })
    })
    request.on('error', (error) => this.#unreachable(dialling.failed(error)))
    // The first byte to the gateway. The way there may have taken a while.
    const ask = () => (this.#mayWrite() ? request.end() : undefined)
    request.once('socket', (socket) => {
      if (socket instanceof TLSSocket) socket.once('secureConnect', ask)
      else if (socket.connecting) socket.once('connect', ask)
      else ask()
    })
    return { request, dialling, cancelTimer }
  }

  static #turnEnds(gateway: GatewaySocket, socket: Duplex): void {
    gateway.#pulse.turnEnds()
    // Only now do the bytes leave.
    if (gateway.#ended || gateway.#mayWrite()) socket.uncork()
  }

  pause(): void {
    this.#paused = true
    this.#pulse.pause(true)
    this.#socket?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#pulse.pause(false)
    this.#socket?.resume()
  }

  /** @returns once nothing of it reaches the gateway any more, and the gateway can have let its port go */
  close(): Promise<void> {
    if (this.#ended) return this.#closed
    const socket = this.#socket
    this.#finish()
    if (!socket) return this.#closed
    if (!this.#lease.good) cut(socket)
    else {
      socket.resume()
      socket.end(clientFrame('close', Buffer.of(0x03, 0xe8)))
      this.#cutLater(socket)
    }
    return this.#closed
  }

  /** @returns whether this process still may; if not, the connection is gone */
  #mayWrite(): boolean {
    if (this.#lease.good) return true
    // The lease's holder may have closed this already.
    if (this.#ended) return false
    const socket = this.#socket
    this.#finish()
    if (socket) cut(socket)
    this.#handlers.onFenced?.()
    return false
  }

  #write(frame: Buffer, sent?: (error?: Error | null) => void): void {
    if (this.#mayWrite()) this.#socket?.write(frame, sent)
  }

  #upgraded(key: string, response: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {})
    if (this.#ended) {
      socket.destroy()
      return
    }
    const wanted = createHash('sha1')
      .update(key + ACCEPT_GUID)
      .digest('base64')
    const selected = response.headers['sec-websocket-protocol']
    if (response.headers['sec-websocket-accept'] !== wanted) {
      socket.destroy()
      this.#end({ kind: 'unintelligible', detail: 'It sent a wrong key in the handshake.' })
      return
    }
    if (selected !== undefined && selected !== 'binary') {
      socket.destroy()
      this.#end({ kind: 'unintelligible', detail: 'It selected a subprotocol that was not offered.' })
      return
    }
    this.#handshake?.cancelTimer()
    this.#handshake = null
    this.#socket = socket
    if (socket instanceof Socket) socket.setNoDelay(true)
    socket.on('end', () => this.#over(socket))
    socket.on('close', () => this.#end({ kind: 'closed', code: 1006 }))
    this.#pulse.start()
    this.#handlers.onOpen()
    if (this.#ended) return
    // These bytes came with the handshake. They too wait while the socket is paused.
    if (head.length > 0) socket.unshift(head)
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    if (this.#paused) socket.pause()
  }

  #received(chunk: Buffer): void {
    let frames: ReturnType<FrameReader['read']>
    try {
      frames = this.#reader.read(chunk)
    } catch (error) {
      this.#end({ kind: 'unintelligible', detail: error instanceof Error ? error.message : 'unknown' })
      return
    }
    this.#pulse.heard()
    if (frames.data) this.#handlers.onBytes(frames.data)
    for (const control of frames.controls) {
      if (this.#ended) return
      switch (control.kind) {
        case 'ping':
          this.#latest ??= new Latest()
          this.#latest.push('pong', (sent) => this.#write(clientFrame('pong', control.payload), () => sent()))
          break
        case 'pong':
          this.#pulse.pong(control.payload)
          break
        case 'close':
          this.#end({ kind: 'closed', code: control.code ?? 1005 })
      }
    }
  }

  #unreachable({ fault, message }: WayError): void {
    this.#end({ kind: 'unreachable', fault, detail: message })
  }

  /** The gateway ended the connection, or made it useless. */
  #end(end: GatewayEnd): void {
    if (this.#ended) return
    const socket = this.#socket
    this.#finish()
    if (socket && !this.#lease.good) cut(socket)
    // A silent gateway would not hear a goodbye, and waiting for it to leave would keep the connection for long.
    else if (end.kind !== 'silent' && socket?.writable) {
      socket.end(clientFrame('close', Buffer.alloc(0)), () => socket.destroy())
      this.#cutLater(socket)
    } else socket?.destroy()
    this.#handlers.onEnd(end)
  }

  /**
   * Nothing comes any more. To end our own side in good order first would double what a gateway costs that vanishes. It
   * may have had thousands of lines, and to close a connection is most of what is left of that: the others have their
   * turn meanwhile.
   */
  #over(socket: Duplex): void {
    if (this.#ended || !this.#lease.good) return void socket.destroy()
    // Or Node would end our own side by itself, and at once.
    socket.allowHalfOpen = true
    this.#finish()
    this.#turns.do(() => socket.destroy())
    this.#handlers.onEnd({ kind: 'closed', code: 1006 })
  }

  /** A gateway that does not read our goodbye must not keep the connection. */
  #cutLater(socket: Duplex): void {
    socket.once(
      'close',
      this.#clock.after(CLOSE_MS, () => socket.destroy()),
    )
  }

  #finish(): void {
    this.#ended = true
    this.#closed = gone(this.#socket ?? this.#handshake?.request.socket ?? null)
    this.#pulse.stop()
    this.#handshake?.cancelTimer()
    // Before the 101, the request owns the connection.
    this.#handshake?.request.destroy()
    this.#handshake?.dialling.abandon()
    this.#handshake = null
    // What it still sends belongs to no line.
    this.#socket?.removeAllListeners('data')
  }
}

/** What waits in this process or in the kernel does not leave any more. */
function cut(socket: Duplex): void {
  if (socket instanceof Socket) socket.resetAndDestroy()
  else socket.destroy()
}

/** @returns once it has closed */
function gone(socket: Duplex | null): Promise<void> {
  if (!socket || socket.closed) return DONE
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
