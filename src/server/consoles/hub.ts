import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import type { LineState, RelayMessage, Viewer, ViewerMessage } from '../../shared/relay-protocol.ts'
import { LimitClock } from './limit-clock.ts'
import type { LineHandlers, LinePort } from './line.ts'
import { RingBuffer } from './ring-buffer.ts'
import { SessionRecording, type SessionRecordingOptions } from './session-recording.ts'
import { type Seam, ViewerCursor, type ViewerPort } from './viewer-cursor.ts'

/** Above HIGH bytes waiting for the gateway the writer is not read, below LOW it is again. */
const HIGH_WATER = 1024 * 1024
const LOW_WATER = 256 * 1024
/** Ring bytes kept beyond the writer's window: what the gateway's socket hands over in one go. */
const RESERVE_BYTES = 128 * 1024
/** As long as its ticket is good, a new session waits for the viewer that asked for it. */
const FIRST_VIEWER_MS = 30_000
/** How long an absent writer keeps the keyboard and the line waits for it: a reload, a change of network. */
const HOLD_MS = 10_000

export interface HubOptions {
  session: string
  serverId: string
  log: FastifyBaseLogger
  /** How much of the past is kept at least, bytes; up to twice as much in a flood. */
  ringBytes: number
  /** How long the line is kept after the last viewer left, ms. */
  graceMs: number
  maxViewers: number
  idleMs: number | null
  totalMs: number | null
  openLine: (handlers: LineHandlers) => LinePort
  /** null: sessions are not recorded. */
  recording: Omit<SessionRecordingOptions, 'onChanged'> | null
  onReleased: () => void
  now?: () => number
}

/** One attached viewer, for the code that owns its connection. */
export interface AttachedViewer {
  input(bytes: Buffer): void
  message(message: Exclude<ViewerMessage, { type: 'resume' }>): void
  left(): void
}

interface Member {
  id: string
  number: number
  /** The tab's own secret; told to nobody. */
  client: string
  port: ViewerPort
  cursor: ViewerCursor
}

/**
 * A console session: one serial line, owned by the server, with viewers that come and go. It keeps the last bytes,
 * and lets one viewer at a time type.
 *
 * Flow: the gateway is not read while the writer is a window behind; other viewers that are too slow are skipped
 * ahead. The ring holds a whole window, so a writer that is back in time has lost nothing; and the window is wide,
 * since a narrow one is used up each time that the reader's process waits for its turn.
 */
export class Hub {
  readonly #options: HubOptions
  readonly #ring: RingBuffer
  readonly #seams: Seam[] = []
  readonly #members = new Map<string, Member>()
  readonly #line: LinePort
  readonly #window: number
  readonly #limits: LimitClock
  readonly #recording: SessionRecording
  readonly #now: () => number
  #lineState: LineState = { type: 'state', gateway: 'opening' }
  #opened = false
  /** When the line was lost that had spoken; null while there is nothing to join. */
  #lostAt: number | null = null
  #owner: string | null = null
  /** The client that has the keyboard; it may be away for a moment. */
  #writer: { client: string; acknowledged: number } | null = null
  /** By client, so that a reload does not make another viewer of one. */
  readonly #numbers = new Map<string, number>()
  #inputHeld = false
  #outputHeld = false
  #ended = false
  #graceTimer: NodeJS.Timeout | undefined
  #holdTimer: NodeJS.Timeout | undefined

  constructor(options: HubOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#window = 2 * options.ringBytes
    // It keeps what was asked for and, in a flood, all that the writer may not have yet.
    this.#ring = new RingBuffer(this.#window + RESERVE_BYTES)
    this.#line = options.openLine({
      onState: (state) => this.#lineChanged(state),
      onBytes: (bytes) => this.#output(bytes),
      onDrain: () => this.#balanceInput(),
      onEnded: (failure) => this.end(failure),
    })
    this.#limits = new LimitClock({
      idleMs: options.idleMs,
      totalMs: options.totalMs,
      onWarning: (limit, endsInMs) => this.#tellAll({ type: 'warning', limit, endsInMs }),
      onStrike: (cause) => this.end({ cause }),
      now: this.#now,
    })
    this.#recording = new SessionRecording(
      options.recording && { ...options.recording, onChanged: () => this.#tellRecording() },
    )
    this.#startGrace(Math.max(options.graceMs, FIRST_VIEWER_MS))
  }

  get session(): string {
    return this.#options.session
  }

  /** Whether there is room for this tab; one that comes back takes its own place. */
  hasRoomFor(client: string): boolean {
    return this.#members.size < this.#options.maxViewers || this.#memberOf(client) !== undefined
  }

  /** @param offset the first byte that the viewer does not have; null for all that is kept */
  attach(port: ViewerPort, { client, offset }: { client: string; offset: number | null }): AttachedViewer {
    clearTimeout(this.#graceTimer)
    // A tab that is back before its old connection was missed.
    const before = this.#memberOf(client)
    if (before) this.#drop(before)
    const member: Member = {
      id: randomBytes(6).toString('base64url'),
      number: this.#numberOf(client),
      client,
      port,
      cursor: new ViewerCursor(port, this.#ring, this.#seams, this.#window, offset),
    }
    this.#members.set(member.id, member)
    this.#owner ??= client
    if (this.#writer === null || this.#writer.client === client) {
      clearTimeout(this.#holdTimer)
      // What it asks for tells what it has: it may lack less than it would acknowledge.
      this.#writer = { client, acknowledged: member.cursor.acknowledged }
    }
    this.#log('viewer joined', { viewers: this.#members.size })
    port.tell({
      type: 'hello',
      session: this.#options.session,
      offset: this.#ring.end,
      replayFrom: member.cursor.position,
      ackBytes: Math.floor(this.#window / 4),
      you: member.id,
    })
    if (this.#opened) port.tell(this.#lineState)
    this.#tellViewers()
    const recording = this.#recording.message
    if (recording) port.tell(recording)
    for (const warning of this.#limits.warnings) port.tell({ type: 'warning', ...warning })
    member.cursor.pump()
    if (!this.#opened) {
      this.#opened = true
      this.#recording.begin()
      this.#line.open()
    }
    this.#balanceOutput()
    return {
      input: (bytes) => this.#input(member, bytes),
      message: (message) => this.#message(member, message),
      left: () => this.#left(member),
    }
  }

  /** Tells all viewers why, and lets go of the line. */
  end(failure: Failure): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#graceTimer)
    clearTimeout(this.#holdTimer)
    this.#limits.stop()
    this.#log('session ended', { cause: failure.cause, bytes: this.#ring.end })
    this.#recording.stop(`The session ended: ${failure.cause}.`)
    this.#line.close()
    for (const { port } of this.#members.values()) {
      port.tell({ type: 'closing', failure })
      port.resume()
      port.close()
    }
    this.#members.clear()
    this.#options.onReleased()
  }

  #lineChanged(state: LineState): void {
    this.#lineState = state
    if (state.gateway === 'lost') {
      this.#log('line lost', { cause: state.failure.cause })
      if (this.#ring.end > 0 && this.#lostAt === null) {
        this.#lostAt = this.#now()
        this.#recording.marker('line lost')
      }
    }
    this.#tellAll(state)
  }

  #output(bytes: Buffer): void {
    if (this.#lostAt !== null) {
      this.#seams.push({ at: this.#ring.end, awayMs: this.#now() - this.#lostAt })
      this.#recording.marker('line back')
      this.#lostAt = null
      while ((this.#seams[0]?.at ?? this.#ring.start) < this.#ring.start) this.#seams.shift()
    }
    this.#ring.append(bytes)
    this.#recording.output(bytes)
    for (const { cursor } of this.#members.values()) cursor.follow(bytes)
    this.#balanceOutput()
  }

  #balanceOutput(): void {
    // A writer whose typing is not read cannot be heard acknowledging: both waiting would be for ever.
    const behind = this.#writer && !this.#inputHeld ? this.#ring.end - this.#writer.acknowledged : 0
    const held = behind >= this.#window
    if (held === this.#outputHeld) return
    this.#outputHeld = held
    if (held) this.#line.pause()
    else this.#line.resume()
  }

  #input(member: Member, bytes: Buffer): void {
    if (this.#ended) return
    if (!this.#isWriter(member)) {
      member.port.tell({ type: 'not-sent', why: 'not-writer' })
      return
    }
    this.#limits.touch()
    this.#recording.input(bytes)
    if (!this.#line.send(bytes)) member.port.tell({ type: 'not-sent', why: 'line-down' })
    this.#balanceInput()
  }

  #balanceInput(): void {
    const held = this.#line.bufferedBytes > (this.#inputHeld ? LOW_WATER : HIGH_WATER)
    if (held === this.#inputHeld) return
    this.#inputHeld = held
    const writer = this.#writer && this.#memberOf(this.#writer.client)
    if (held) writer?.port.pause()
    // Whoever was held: the keyboard may have changed hands meanwhile.
    else for (const { port } of this.#members.values()) port.resume()
    this.#balanceOutput()
  }

  #message(member: Member, message: Exclude<ViewerMessage, { type: 'resume' }>): void {
    if (this.#ended) return
    switch (message.type) {
      case 'ack':
        member.cursor.ack(message.offset)
        if (this.#writer?.client === member.client) {
          this.#writer.acknowledged = member.cursor.acknowledged
          this.#balanceOutput()
        }
        return
      case 'take':
        return this.#give(member)
      case 'hand': {
        const to = this.#members.get(message.viewer)
        if (to && this.#isWriter(member)) this.#give(to)
        return
      }
      case 'release':
        if (this.#isWriter(member)) this.#give(null)
        return
      case 'end':
        if (this.#owner === member.client) this.end({ cause: 'operator-ended' })
        return
      case 'record':
        if (this.#isWriter(member)) this.#recording.set(message.on)
        return
      case 'stay':
        this.#limits.stay()
    }
  }

  #give(to: Member | null): void {
    clearTimeout(this.#holdTimer)
    this.#writer = to && { client: to.client, acknowledged: to.cursor.acknowledged }
    this.#tellViewers()
    this.#balanceOutput()
  }

  #left(member: Member): void {
    if (this.#ended || !this.#members.has(member.id)) return
    this.#members.delete(member.id)
    this.#log('viewer left', { viewers: this.#members.size })
    if (this.#isWriter(member)) {
      if (this.#inputHeld) this.#balanceInput()
      this.#holdTimer = setTimeout(() => this.#give(this.#onlyMember()), HOLD_MS)
    }
    this.#tellViewers()
    if (this.#members.size === 0) this.#startGrace(this.#options.graceMs)
  }

  #startGrace(ms: number): void {
    this.#graceTimer = setTimeout(() => this.end({ cause: 'gateway-closed' }), ms)
  }

  /** The same tab came again. Told, in case that it is a copy of the tab: two would drop each other for ever. */
  #drop(member: Member): void {
    this.#members.delete(member.id)
    member.port.tell({ type: 'closing', failure: { cause: 'taken-over' } })
    member.port.close()
  }

  /** The viewer that is alone here, to whom a free keyboard falls; among several it is anybody's to take. */
  #onlyMember(): Member | null {
    const [only, ...others] = this.#members.values()
    return only && others.length === 0 ? only : null
  }

  #isWriter({ client }: Pick<Member, 'client'>): boolean {
    return client === this.#writer?.client
  }

  #numberOf(client: string): number {
    const number = this.#numbers.get(client) ?? this.#numbers.size + 1
    this.#numbers.set(client, number)
    return number
  }

  #memberOf(client: string): Member | undefined {
    return [...this.#members.values()].find((member) => member.client === client)
  }

  #tellViewers(): void {
    const viewers: Viewer[] = [...this.#members.values()].map(({ id, number, client }) => ({
      id,
      number,
      role: this.#isWriter({ client }) ? 'writer' : 'viewer',
      owner: client === this.#owner,
    }))
    this.#tellAll({ type: 'viewers', viewers })
  }

  #tellRecording(): void {
    const message = this.#recording.message
    if (message) this.#tellAll(message)
  }

  #tellAll(message: RelayMessage): void {
    for (const { port } of this.#members.values()) port.tell(message)
  }

  #log(what: string, facts: Record<string, unknown>): void {
    this.#options.log.info({ server: this.#options.serverId, session: this.#options.session, ...facts }, what)
  }
}
