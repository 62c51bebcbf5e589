import type { Cause, Failure } from '../../shared/cause.ts'
import { noTimer } from '../../shared/clock.ts'
import type { LogMark } from '../../shared/line-log.ts'
import type { LineState, ViewerMessage, WhyDropped } from '../../shared/relay-protocol.ts'
import { doneWithin } from '../deadline.ts'
import type { LineLog } from '../line-log/line-log.ts'
import { loggedFailure } from '../logged-failure.ts'
import { Admission } from './admission.ts'
import { Flow } from './flow.ts'
import { helloTo } from './hello.ts'
import type { Holder } from './holder.ts'
import { Keyboard } from './keyboard.ts'
import type { LinePort } from './line.ts'
import { type Joining, type Member, Members, type Presence } from './members.ts'
import { SessionInput } from './session-input.ts'
import { SessionLimits } from './session-limits.ts'
import { SessionMarks } from './session-marks.ts'
import type { SessionOptions } from './session-options.ts'
import { SessionRecording } from './session-recording.ts'
import { SessionSize } from './session-size.ts'
import { spreadOf } from './spread.ts'
import { ViewerCursor } from './viewer-cursor.ts'
import type { AttachedViewer, ViewerPort } from './viewer-port.ts'

/** A new session waits for the viewer that asked for it as long as its ticket is valid. */
const FIRST_VIEWER_MS = 30_000
/** What was typed has so long to be proved before another replica takes the line. */
const SETTLE_MS = 300
/** The session ends here because of this server, and the line goes on in the next one. */
const goesOn: ReadonlySet<Cause> = new Set<Cause>(['proxy-restarting', 'line-moved', 'store-unreachable'])
/** A slow disk costs a viewer history, and no more time than this. */
const WAKE_MS = 2_000

/**
 * A console session: one serial line, owned by the server, with viewers that come and go. It keeps the last bytes
 * and lets one viewer at a time type.
 *
 * Flow: the gateway is not read while the writer is a window behind, as long as the writer takes in anything at all.
 * Other viewers never hold up the line; a slow one skips ahead. The ring holds a whole window, so a writer that comes
 * back in time has lost nothing. The window is wide because a reader's process often waits for its turn, and a narrow
 * window would be used up each time.
 */
export class Session {
  readonly #options: SessionOptions
  readonly #lineLog: LineLog
  readonly #members: Members
  readonly #admission: Admission
  readonly #keyboard: Keyboard
  readonly #line: LinePort
  readonly #input: SessionInput
  readonly #flow: Flow
  readonly #limits: SessionLimits
  readonly #recording: SessionRecording
  readonly #size: SessionSize
  readonly #marks: SessionMarks
  readonly #begun: number
  #opened = false
  /** People came since the line was last without any. */
  #visited = false
  #holder: Holder | null = null
  #lineState: LineState['gateway'] = 'opening'
  #owner: string | null = null
  #ended = false
  /** Another replica is about to take the line. */
  #leaving = false
  #cancelGrace = noTimer

  constructor(options: SessionOptions) {
    this.#options = options
    const { clock } = options
    this.#begun = clock.now()
    this.#lineLog = options.lineLog
    this.#marks = new SessionMarks(options.lineLog)
    this.#members = new Members(clock)
    this.#admission = new Admission(options, clock)
    this.#keyboard = new Keyboard(clock, () => this.#give(this.#members.onlyTypist, null))
    this.#line = options.openLine({
      onState: (state) => this.#lineChanged(state),
      onBytes: (bytes) => this.#output(bytes),
      onWritten: (count) => this.#input.written(count),
      onProved: (count, proof) => this.#input.proved(count, proof),
      onGone: () => this.#input.gone(),
      onUnattended: (failure, begin) =>
        this.#members.size === 0 ? (this.#holder?.lost(failure, begin) ?? null) : null,
      onEnded: (failure) => this.end(failure),
    })
    this.#input = new SessionInput({
      line: this.#line,
      onHanded: (bytes, client) => {
        this.#recording.input(bytes)
        options.health.typed(bytes.length)
        // A tab that was reloaded meanwhile has typed them, too.
        const member = this.#members.of(client)
        if (member) member.typedBytes += bytes.length
      },
      clock,
    })
    this.#flow = new Flow({
      line: this.#line,
      window: this.#lineLog.window,
      onSkipped: () => this.#log('writer skipped', { offset: this.#lineLog.end }),
      clock,
    })
    this.#limits = new SessionLimits({
      idleMs: options.idleMs,
      totalMs: options.totalMs,
      onWarning: (limit, endsInMs) => this.#members.broadcast({ type: 'warning', limit, endsInMs }),
      onReached: (cause) => this.#limitReached({ cause }),
      clock,
    })
    this.#recording = new SessionRecording(
      options.recording && {
        ...options.recording,
        onChanged: () => this.#tellRecording(...this.#members),
      },
    )
    this.#size = new SessionSize(clock, (size) => {
      this.#members.tellSize(size)
      if (!size) return
      this.#lineLog.resized(size)
      this.#recording.resized(size)
    })
    this.#startGrace(Math.max(options.graceMs, FIRST_VIEWER_MS))
  }

  get id(): string {
    return this.#options.id
  }

  /** @returns why this viewer may not join; null: it may */
  refusalOf(joining: Pick<Joining, 'client' | 'party' | 'mayWrite'>): Failure | null {
    return this.#admission.refusalOf(joining, [...this.#members])
  }

  /** The clients that are attached, the writer first. */
  get clients(): string[] {
    const clients = [...this.#members].map(({ client }) => client)
    const writer = this.#keyboard.client
    return clients.sort((one, other) => Number(other === writer) - Number(one === writer))
  }

  /** Who is on the line; null: nobody is. */
  get presence(): Presence | null {
    return this.#members.presence(this.#keyboard.client)
  }

  /** How many viewers it has */
  get viewers(): number {
    return this.#members.size
  }

  /** How long it has been open, and each who is there. */
  get attendance(): { openMs: number; viewers: ReturnType<Members['present']> } {
    return {
      openMs: this.#options.clock.now() - this.#begun,
      viewers: this.#members.present(this.#keyboard.client),
    }
  }

  /** Keeps it open with nobody there. */
  hold(holder: Holder): void {
    if (this.#ended) return holder.ended({ cause: 'no-viewer' })
    this.#holder = holder
    if (this.#lineState === 'open') holder.opened()
    this.#openLine()
  }

  /** It needs viewers again. */
  release(): void {
    this.#holder = null
    this.#endGrace()
    if (!this.#ended && this.#members.size === 0) this.#startGrace(this.#options.graceMs)
  }

  /** A viewer is about to come: what it will be shown is read, and other replicas learn where it is. */
  async prepare(): Promise<void> {
    const ready = Promise.all([this.#lineLog.wake(), this.#lineLog.shared()])
    await doneWithin(ready, WAKE_MS, this.#options.clock)
    if (this.#ended || this.#members.size > 0 || !this.#holder) return
    // It may not come after all.
    this.#endGrace()
    this.#startGrace(Math.max(this.#options.graceMs, FIRST_VIEWER_MS))
  }

  attach(port: ViewerPort, joining: Joining): AttachedViewer {
    this.#endGrace()
    const first = !this.#visited
    this.#visited = true
    if (first) this.#limits.begin()
    // A tab may be back before we notice that its old connection is gone. The old one is told why it goes: it may be a
    // copy of the tab that would otherwise come back, and the two would replace each other for ever.
    const before = this.#members.of(joining.client)
    if (before) {
      this.#members.dismiss(before, { cause: 'taken-over' })
      this.#input.leave(before.stream)
    }
    const place = this.#lineLog.place(joining.offset, joining.earlier)
    const cursor = new ViewerCursor(port, this.#lineLog, place, joining.knowsTimes)
    const { stream, greeting } = this.#input.join(joining, (receipt) => port.notify(receipt))
    const member = this.#members.add(joining, { port, cursor, stream })
    const hadKeyboard = this.#owner === null || this.#keyboard.isOf(member)
    this.#owner ??= member.client
    this.#keyboard.join(member)
    member.wrote = this.#keyboard.isOf(member)
    this.#log('viewer joined', { viewers: this.#members.size })
    member.onEvent({ type: 'joined' })
    // The viewer who opens a session has its keyboard, and a viewer who comes back still has it.
    if (!hadKeyboard && this.#keyboard.isOf(member)) member.onEvent({ type: 'got-keyboard', from: null })
    const { id } = this
    port.notify(
      helloTo(member, { session: id, log: this.#lineLog, place, size: this.#size.current, greeting }),
    )
    this.#takeSize(member)
    this.#input.keep(this.#keyboard.client)
    if (this.#opened) this.#tellLine(member, this.#line.state)
    this.#broadcastViewers()
    this.#tellRecording(member)
    this.#members.tellMarks(this.#marks.all, [member])
    for (const warning of this.#limits.warnings) port.notify({ type: 'warning', ...warning })
    cursor.pump()
    if (first) this.#recording.begin()
    this.#openLine()
    this.#line.attended()
    this.#balance()
    return {
      input: (bytes) => this.#typed(member, bytes),
      message: (message) => this.#message(member, message),
      left: (cause) => this.#left(member, cause ?? null),
    }
  }

  /**
   * Another replica takes the line: nothing more is typed here, and what was typed gets its receipts. Viewers stay until
   * they can go there.
   * @param taken waits until the other has the line
   */
  async handOver(taken: () => Promise<void>): Promise<void> {
    if (this.#ended) return
    this.#leaving = true
    await doneWithin(this.#input.settle(), SETTLE_MS, this.#options.clock)
    const failure = { cause: 'line-moved', spreadMs: spreadOf(this.#members.size) } as const
    if (!this.#close(failure)) return
    await taken()
    this.#dismiss(failure)
  }

  /** It has its line with nobody there: the viewers of another replica are on their way. */
  openAhead(): void {
    if (!this.#ended) this.#openLine()
  }

  /** Tells all viewers why, and closes the line. */
  end(failure: Failure): void {
    if (this.#close(failure)) this.#dismiss(failure)
  }

  #dismiss(failure: Failure): void {
    for (const member of [...this.#members]) this.#members.dismiss(member, failure)
  }

  /** All but its viewers. @returns false: it was closed before */
  #close(failure: Failure): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#endGrace()
    this.#keyboard.stop()
    this.#limits.stop()
    this.#size.stop()
    this.#flow.stop()
    this.#log('session ended', { ...loggedFailure(failure), bytes: this.#lineLog.end - this.#lineLog.began })
    this.#input.end()
    this.#recording.stop({ kind: 'session-ended', cause: failure.cause })
    const done = Promise.all([this.#line.close(), this.#lineLog.close(goesOn.has(failure.cause))])
    this.#options.onReleased(done)
    this.#holder?.ended(failure)
    return true
  }

  #openLine(): void {
    if (this.#opened) return
    this.#opened = true
    this.#line.open()
  }

  /** A limit is for people. They go, and a line that is held stays. */
  #limitReached(failure: Failure): void {
    if (!this.#holder) return this.end(failure)
    for (const member of [...this.#members]) {
      this.#members.dismiss(member, failure)
      this.#gone(member, failure.cause)
    }
    this.#limits.begin()
  }

  /** Keeps a mark in the line's log, where the log outlives the session. */
  mark(mark: LogMark): void {
    this.#lineLog.mark(mark)
  }

  #lineChanged(state: LineState): void {
    const before = this.#lineState
    this.#lineState = state.gateway
    this.#options.health.changed(state)
    if (state.gateway === 'lost') {
      // A line that waits longer for its turn was not lost again.
      if (before !== 'lost') this.#log('line lost', loggedFailure(state.failure))
      if (this.#lineLog.lineLost()) this.#recording.marker('connection lost')
    }
    for (const member of this.#members) this.#tellLine(member, state)
    this.#input.lineChanged(state)
    if (state.gateway === 'open') this.#holder?.opened()
  }

  #tellLine(member: Member, state: LineState): void {
    if (state.gateway === 'lost') member.unheard += 1
    member.port.notify(state)
  }

  #output(bytes: Buffer): void {
    if (this.#lineLog.isAway) this.#recording.marker('line back')
    this.#lineLog.append(bytes)
    this.#recording.output(bytes)
    for (const { cursor } of this.#members) cursor.follow(bytes)
    this.#options.health.heard(bytes.length)
    this.#balance()
  }

  #balance(): void {
    this.#flow.balance(this.#lineLog.end, this.#keyboard.writer)
  }

  #typed(member: Member, bytes: Buffer): void {
    if (bytes.length === 0 || !this.#members.has(member)) return
    // Another replica takes the line, and its viewers are still here.
    if (this.#ended) return void this.#input.type(member.stream, bytes, 'line-lost')
    const writes = this.#keyboard.isOf(member)
    if (writes) this.#limits.keyTyped()
    if (this.#input.type(member.stream, bytes, this.#refusal(member))) return
    const failure: Failure = { cause: 'protocol-error', detail: 'The page sent more input than its window.' }
    this.#members.dismiss(member, failure)
    this.#gone(member, failure.cause)
  }

  /** @returns why what it types goes nowhere; null: it goes to the machine */
  #refusal(member: Member): WhyDropped | null {
    if (!this.#keyboard.isOf(member)) return member.mayWrite ? 'not-writer' : 'may-not-write'
    // It was sent for a line that is gone. On the next one another program may be listening.
    return member.unheard > 0 || this.#leaving ? 'line-lost' : null
  }

  #message(member: Member, message: Exclude<ViewerMessage, { type: 'resume' }>): void {
    if (this.#ended || !this.#members.has(member)) return
    switch (message.type) {
      case 'ack':
        member.cursor.ack(message.offset)
        if (this.#keyboard.isOf(member)) this.#keyboard.acknowledge(member)
        return this.#balance()
      case 'take':
        if (!member.mayWrite) return this.#members.reportRefused(member, 'take')
        if (this.#keyboard.isOf(member)) return
        this.#give(member)
        return member.onEvent({ type: 'took-keyboard' })
      case 'hand': {
        const to = this.#members.get(message.viewer)
        if (!to?.mayWrite || to === member || !this.#keyboard.isOf(member)) return
        this.#give(to, member.name)
        return member.onEvent({ type: 'handed-keyboard', to: to.name })
      }
      case 'release':
        if (this.#keyboard.isOf(member)) this.#give(null)
        return
      case 'end':
        if (!member.mayEnd && !(member.mayWrite && this.#owner === member.client)) {
          return this.#members.reportRefused(member, 'end')
        }
        member.onEvent({ type: 'ended-session' })
        return this.end({ cause: 'operator-ended', detail: `${member.name} ended it.` })
      case 'record': {
        if (!member.mayRecord) return this.#members.reportRefused(member, 'record')
        const id = this.#keyboard.isOf(member) ? this.#recording.set(message.on, member) : null
        if (id !== null) return member.onEvent({ type: 'recording', on: message.on, id })
        return this.#tellRecording(member)
      }
      case 'mark':
      case 'unmark':
        return this.#mark(member, message)
      case 'stay':
        return this.#limits.stay()
      case 'answer':
        if (this.#refusal(member) === null) this.#input.answer(member.client, message.text)
        return
      case 'size':
        member.size = { columns: message.columns, rows: message.rows }
        return this.#takeSize(member)
      case 'retry':
        return this.#line.retryNow()
      case 'heard':
        member.unheard = Math.max(0, member.unheard - 1)
        return
      case 'beat':
    }
  }

  /** A mark is for all who see the line, so those may make one who may type on it. */
  #mark(member: Member, message: Extract<ViewerMessage, { type: 'mark' | 'unmark' }>): void {
    if (!member.mayWrite) return this.#members.reportRefused(member, 'mark')
    const at = this.#marks.change(message, member.name)
    // A page that lags behind is told again how it is.
    this.#members.tellMarks(this.#marks.all)
    if (at !== null) member.onEvent({ type: 'marked', at, on: message.type === 'mark' })
  }

  /** @param from who handed it over; null: its writer is gone; undefined: `to` asked for it, or nobody gets it */
  #give(to: Member | null, from?: string | null): void {
    this.#keyboard.give(to)
    if (to && this.#keyboard.isOf(to)) to.wrote = true
    if (from !== undefined) to?.onEvent({ type: 'got-keyboard', from })
    this.#input.keep(this.#keyboard.client)
    this.#broadcastViewers()
    if (to) this.#takeSize(to)
    this.#balance()
  }

  /** The writer's terminal is the one that the machine writes for. */
  #takeSize(member: Member): void {
    if (this.#keyboard.isOf(member)) this.#size.set(member.size ?? null)
  }

  #left(member: Member, cause: Cause | null): void {
    if (this.#ended || !this.#members.has(member)) return
    this.#members.leave(member, cause)
    this.#gone(member, cause)
  }

  #gone(member: Member, cause: Cause | null): void {
    this.#input.leave(member.stream)
    this.#log('viewer left', { viewers: this.#members.size })
    if (this.#keyboard.isOf(member)) {
      this.#balance()
      if (cause === null) this.#keyboard.hold()
      else this.#give(this.#members.onlyTypist, null)
    }
    this.#broadcastViewers()
    if (this.#members.size > 0) return
    // Grace waits for a viewer that may come back. Nobody comes back with a sign-in that has ended.
    if (cause === 'sign-in-needed' && !this.#holder) this.end({ cause })
    else this.#startGrace(this.#options.graceMs)
  }

  #startGrace(ms: number): void {
    this.#cancelGrace = this.#options.clock.after(ms, () => this.#deserted())
  }

  /** A timer that is over is not kept: sessions are thousands. */
  #endGrace(): void {
    this.#cancelGrace()
    this.#cancelGrace = noTimer
  }

  /** Nobody came back. What people brought with them ends: a line that is held stays as if nobody had come yet. */
  #deserted(): void {
    if (!this.#holder) return this.end({ cause: 'no-viewer' })
    this.#visited = false
    this.#owner = null
    this.#limits.stop()
    this.#recording.stop({ kind: 'nobody-there' })
    this.#lineLog.rest()
  }

  #broadcastViewers(): void {
    this.#members.broadcast({
      type: 'viewers',
      viewers: this.#members.list(this.#keyboard.client, this.#owner),
    })
  }

  #tellRecording(...to: Member[]): void {
    const { message } = this.#recording
    if (message) for (const { port } of to) port.notify(message)
  }

  #log(what: string, facts: Record<string, unknown>): void {
    this.#options.log.info({ server: this.#options.serverId, session: this.id, ...facts }, what)
  }
}
