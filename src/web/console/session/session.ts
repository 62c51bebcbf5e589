import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import {
  ageBetween,
  type Clock,
  type Moment,
  momentBy,
  type Now,
  startAge,
  steadyClock,
} from '../../../shared/clock.ts'
import { bootsDiffer } from '../../../shared/session-id.ts'
import { TokenBucket } from '../../../shared/token-bucket.ts'
import { failureOf } from '../../api/client.ts'
import { PasteJob } from '../paste/paste-job.ts'
import type { OpenTransport, RelayEvent, Transport } from '../transport/transport.ts'
import type { OnLost } from './input-ledger.ts'
import { keyObstacle, lineStatus } from './line-status.ts'
import { initialModel, retriedIn, type SessionEffect, type SessionEvent } from './model.ts'
import { LineOutput, type OutputPort, type Seam } from './output.ts'
import { initialSharedLine, reduceSharedLine, type SharedLineEvent } from './shared-line.ts'
import { initialSnapshot, type NotSent, type SessionSnapshot } from './snapshot.ts'
import { reduce } from './state.ts'
import { Typing, type TypingMemory } from './typing.ts'
import { hasKeyboard } from './viewers.ts'
import { waitOut } from './wait.ts'

/** What the session needs of a terminal. */
interface TerminalPort extends OutputPort {
  /** What a person typed. */
  onInput(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void
  /** What the terminal says by itself, such as where its cursor is. */
  onAnswer(listener: (text: string) => void): void
  readonly bracketedPaste: boolean
  /** A full-screen program has the screen. */
  readonly fullScreen: boolean
}

export interface SessionOptions {
  issue: (signal: AbortSignal) => Promise<IssuedConsole>
  openTransport: OpenTransport
  terminal: TerminalPort
  seamText: (seam: Seam) => string
  /** Keeps the numbers of what was typed, across a reload. */
  memory: TypingMemory
  /** The wall clock, and what waits are timed by */
  clock: Clock
  /** The clock that nobody sets. With the wall clock it tells how old something is. */
  steady?: Now
  /** 0 to 1, as `Math.random` gives it: spreads the retries of many pages. */
  random: () => number
}

/** A program asks once in a while. A machine that asks without end must not type for ever. Characters. */
const ANSWERS = { burst: 4 * 1024, perSecond: 2 * 1024 }
const CTRL_C = 0x03

/** Drives the session's state machine: runs its effects and feeds it what happens. */
export class ConsoleSession {
  #model = initialModel
  #sharedLine = initialSharedLine
  #snapshot = initialSnapshot
  #transport: Transport | null = null
  #issuing: AbortController | null = null
  #cancelWake = () => {}
  #heardAt: Moment | null = null
  /** Set by whoever knows what the cloud says: the machine is off or still being created. */
  machineAway = false
  /** Types what is pasted. */
  readonly pasting: PasteJob
  readonly #output: LineOutput
  readonly #answers: TokenBucket
  readonly #typing: Typing
  readonly #clock: Clock
  readonly #steady: Now
  readonly #encoder = new TextEncoder()
  readonly #listeners = new Set<() => void>()
  readonly #online = () => {
    this.#show({ offline: false })
    this.#dispatch({ type: 'online' })
  }
  readonly #offline = () => this.#show({ offline: true })

  constructor(readonly options: SessionOptions) {
    this.#clock = options.clock
    this.#steady = options.steady ?? steadyClock
    const { terminal, seamText, memory, clock } = options
    this.#output = new LineOutput({
      terminal,
      seamText,
      clock,
      onUnreadable: () => this.#show({ unreadable: true }),
    })
    this.pasting = new PasteJob({
      port: {
        obstacle: () => this.#obstacle(),
        wantsMarks: () => terminal.bracketedPaste,
        send: (bytes, onLost) => this.#sendPasted(bytes, onLost),
        // A direct line acknowledges nothing.
        tellsLosses: () => this.#snapshot.transport === 'relay',
      },
      clock,
      onChange: (paste) => this.#show({ paste }),
    })
    this.#answers = new TokenBucket(ANSWERS, clock)
    this.#typing = new Typing({ memory, clock, onLost: (lost) => this.#show({ lost }) })
    terminal.onInput((bytes) => this.send(bytes))
    terminal.onAnswer((text) => this.#answer(text))
    window.addEventListener('online', this.#online)
    window.addEventListener('offline', this.#offline)
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot = () => this.#snapshot

  connect(): void {
    this.#show({ endedForAll: false })
    this.#dispatch({ type: 'connect' })
  }

  disconnect(): void {
    this.pasting.letGo('line-down')
    this.#dispatch({ type: 'disconnect' })
  }

  /** Something beside the line says that it must not go on, or cannot. */
  fail(failure: Failure): void {
    this.#dispatch({ type: 'failed', generation: this.#model.generation, failure })
  }

  /** For how long the line has sent nothing. */
  get quietMs(): number {
    return this.#heardAt ? ageBetween(this.#heardAt, this.#now()) : Number.POSITIVE_INFINITY
  }

  get fullScreen(): boolean {
    return this.options.terminal.fullScreen
  }

  /** Whether typed keys go to the line. */
  get mayWrite(): boolean {
    return hasKeyboard(this.#snapshot.viewers)
  }

  /** Types on the line. Where nothing may be typed the page says so, and what does not arrive is announced. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length === 1 && bytes[0] === CTRL_C) this.pasting.interrupt()
    if (this.#transport && !this.mayWrite) {
      this.#showNotSent(this.#snapshot.may?.write === false ? 'may-not-write' : 'not-writer')
      return
    }
    this.#dispatch({ type: 'keystroke' })
    const { kind } = this.#model.state
    if (kind !== 'idle' && kind !== 'ended') this.#typing.type(bytes)
  }

  sendText(text: string): void {
    this.send(this.#encoder.encode(text))
  }

  /** What was lost, as it was typed. */
  get lostText(): string {
    return new TextDecoder().decode(this.#typing.lostBytes)
  }

  /** Types again what was lost. */
  sendAgain = () => this.send(this.#typing.takeLost())
  dismissLost = () => void this.#typing.takeLost()

  /** Takes the keyboard of a shared line from the viewer who has it. */
  takeKeyboard = () => this.#transport?.tell({ type: 'take' })
  releaseKeyboard = () => {
    this.pasting.letGo('not-writer')
    this.#transport?.tell({ type: 'release' })
  }
  handKeyboard = (viewer: string) => {
    this.pasting.letGo('not-writer')
    this.#share({ type: 'handed', viewer })
    this.#transport?.tell({ type: 'hand', viewer })
  }
  endForAll = () => {
    this.pasting.letGo('line-down')
    this.#transport?.tell({ type: 'end' })
    this.#show({ endedForAll: true })
  }
  record = (on: boolean) => this.#transport?.tell({ type: 'record', on })
  stayConnected = () => this.#transport?.tell({ type: 'stay' })

  /** Keys typed meanwhile go in between. Ctrl+C ends it. */
  paste(text: string): void {
    const obstacle = this.pasting.start(text)
    if (obstacle === null) return
    this.send(new Uint8Array())
    // A key would wait for a line that is being opened. A paste does not begin there.
    if (obstacle !== 'not-writer') this.#showNotSent('line-down')
  }

  #obstacle = () => keyObstacle(lineStatus(this.#snapshot))

  #sendPasted(bytes: Uint8Array<ArrayBuffer>, onLost: OnLost) {
    const obstacle = this.#obstacle()
    if (obstacle || !this.#transport) return obstacle ?? 'line-down'
    if (this.#typing.isHeldUp) return 'no-room'
    this.#typing.type(bytes, onLost)
    return 'sent'
  }

  /** Nobody is told where an answer goes nowhere, since nobody typed it. */
  #answer(text: string): void {
    if (this.#obstacle() || !this.#answers.take(text.length)) return
    this.#transport?.answer(text)
  }

  dispose(): void {
    window.removeEventListener('online', this.#online)
    window.removeEventListener('offline', this.#offline)
    this.#cancelWake()
    this.pasting.dispose()
    this.#output.dispose()
    this.#typing.dispose()
    this.#issuing?.abort()
    this.#transport?.close()
    this.#transport = null
    this.#listeners.clear()
  }

  #dispatch(event: SessionEvent): void {
    const { machineAway } = this
    const context = { now: this.#now(), machineAway, random: this.options.random() }
    const [model, effects] = reduce(this.#model, event, context)
    const { state, spoke } = model
    const changed = state !== this.#model.state || spoke !== this.#model.spoke
    this.#model = model
    for (const effect of effects) this.#run(effect)
    if (changed) this.#show({ state, spoke, retried: retriedIn(state, this.#snapshot.retried) })
  }

  #run(effect: SessionEffect): void {
    switch (effect.type) {
      case 'issue':
        void this.#issue(effect.generation)
        return
      case 'open':
        this.#open(effect.generation, effect.console)
        return
      case 'close':
        this.#issuing?.abort()
        this.#transport?.close()
        this.#transport = null
        this.#share({ type: 'closed' })
        this.#typing.closed(this.#model.state.kind === 'ended')
        this.#show({ silentSince: null })
        return
      case 'wait': {
        this.#cancelWake()
        const { generation } = this.#model
        this.#cancelWake = waitOut(this.#clock, effect.ms + 1, this.#startAge(), () =>
          this.#dispatch({ type: 'due', generation }),
        )
        return
      }
      case 'retry-line':
        this.#transport?.retry?.()
        return
      case 'clean-modes':
        this.#output.cleanModes()
        return
      case 'seam':
        this.#output.seam({ kind: 'away', ms: effect.ms })
        return
      case 'not-sent':
        this.#showNotSent('line-down')
    }
  }

  async #issue(generation: number): Promise<void> {
    this.#cancelWake()
    this.#issuing?.abort()
    const issuing = new AbortController()
    this.#issuing = issuing
    // From the question on: when the server answered it, we cannot know.
    const age = this.#startAge()
    try {
      const issued = await this.options.issue(issuing.signal)
      this.#show({ sysrq: issued.sysrq, transport: issued.transport })
      this.#dispatch({ type: 'issued', generation, console: issued, ageMs: age() })
    } catch (error) {
      if (!issuing.signal.aborted) this.#dispatch({ type: 'failed', generation, failure: failureOf(error) })
    }
  }

  #open(generation: number, issued: IssuedConsole): void {
    if (issued.transport === 'direct') this.#output.restart()
    const resume = { output: this.#output.resumePoint, ...this.#typing.resumePoint }
    const transport = this.options.openTransport(issued, resume, {
      onOpen: (spoke, line) => {
        this.#dispatch({ type: 'opened', generation, spoke })
        this.#typing.opened(line)
      },
      onBytes: (bytes, muted) => {
        this.#typing.heard()
        this.#heardAt = this.#now()
        this.#dispatch({ type: 'bytes', generation, replayed: muted })
        this.#output.write(bytes, muted, () => transport.consumed(bytes.length))
      },
      onRelay: (event) => this.#relayed(generation, event),
      onSilent: (forMs) => this.#silent(forMs),
      onFailed: (failure) => this.#dispatch({ type: 'failed', generation, failure }),
    })
    this.#transport = transport
    this.#typing.attach(transport)
    this.#show({ hurriesRelay: transport.retry !== undefined })
  }

  #relayed(generation: number, event: RelayEvent): void {
    if (event.type === 'dropped') {
      // Before the paste hears which of its bytes were lost, it hears why.
      const { why } = event
      this.pasting.dropped(why === 'line-down' || why === 'line-lost' ? 'line-down' : 'not-writer')
    }
    this.#typing.relayed(event)
    switch (event.type) {
      case 'joined': {
        const { session, replayFrom, lostBytes } = event
        const before = this.#output.resumePoint?.session
        const restarted = before !== undefined && bootsDiffer(before, session)
        this.#share(event)
        this.#dispatch({ type: 'joined', generation, kept: lostBytes !== null, restarted })
        this.#output.joined({ session, offset: replayFrom }, lostBytes)
        if (!restarted) return
        this.#output.seam({ kind: 'restarted' })
        this.#show({ retried: { cause: 'proxy-restarted' } })
        return
      }
      case 'gap':
        this.#output.gap(event.lostBytes)
        return
      case 'seam':
        this.#output.resumed(event.awayMs)
        return
      case 'line-lost':
        this.#dispatch({ ...event, generation })
        return
      case 'line-opening':
        this.#dispatch({ type: 'line-opening', generation })
        // A page that joins now did not see the line fail.
        if (event.failure) this.#show({ retried: event.failure })
        return
      case 'taken':
      case 'dropped':
        return
      case 'viewers':
        this.#share(event)
        this.#typing.keyboard(this.mayWrite)
        return
      case 'recording':
      case 'warning':
        this.#share(event)
    }
  }

  #share(event: SharedLineEvent): void {
    this.#sharedLine = reduceSharedLine(this.#sharedLine, event, this.#now())
    this.#show(this.#sharedLine.shown)
  }

  #silent(forMs: number | null): void {
    const { wall, steady } = this.#now()
    this.#show({ silentSince: forMs === null ? null : { wall: wall - forMs, steady: steady - forMs } })
  }

  #showNotSent(why: NotSent): void {
    this.#show({ notSent: { at: this.#now(), why } })
  }

  #now(): Moment {
    return momentBy(this.#clock, this.#steady)
  }

  #startAge(): () => number {
    return startAge(this.#clock, this.#steady)
  }

  #show(change: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    this.pasting.look()
    for (const listener of this.#listeners) listener()
  }
}
