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
import { failureOf } from '../../api/client.ts'
import type { PasteJob } from '../paste/paste-job.ts'
import { LineTimes } from '../times/line-times.ts'
import type { RelayEvent, Transport } from '../transport/transport.ts'
import { LineInput } from './line-input.ts'
import { LineSize } from './line-size.ts'
import { initialModel, retriedIn, type SessionEffect, type SessionEvent } from './model.ts'
import { LineOutput } from './output.ts'
import type { SessionOptions } from './session-options.ts'
import { initialSharedLine, reduceSharedLine, type SharedLineEvent } from './shared-line.ts'
import { initialSnapshot, inPlaceOf, type NotSent, type SessionSnapshot } from './snapshot.ts'
import { reduce } from './state.ts'
import { hasKeyboard } from './viewers.ts'
import { waitOut } from './wait.ts'

/** Drives the session's state machine: runs its effects and feeds it what happens. */
export class ConsoleSession {
  #model = initialModel
  /** Whether to ask first where another page may have the line */
  #ask = true
  /** It was given a link to a direct line. */
  #holdsLink = false
  #sharedLine = initialSharedLine
  #snapshot = initialSnapshot
  #transport: Transport | null = null
  #issuing: AbortController | null = null
  #cancelWake = () => {}
  #heardAt: Moment | null = null
  /** Set by whoever knows what the cloud says: the machine is off or still being created. */
  machineAway = false
  readonly #output: LineOutput
  /** When its output was heard, and where it is in the line's log */
  readonly times: LineTimes
  readonly input: LineInput
  readonly #size: LineSize
  readonly #clock: Clock
  readonly #steady: Now
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
    this.times = new LineTimes(clock)
    this.#output = new LineOutput({
      terminal,
      seamText,
      clock,
      times: this.times,
      onUnreadable: () => this.#show({ unreadable: true }),
      onDoubt: () => this.#show({ notUtf8: true }),
    })
    this.input = new LineInput({
      terminal,
      memory,
      clock,
      snapshot: this.getSnapshot,
      show: (change) => this.#show(change),
      onKey: () => this.#dispatch({ type: 'keystroke' }),
      onNotSent: (why) => this.#showNotSent(why),
    })
    this.#size = new LineSize(terminal.frame, clock)
    window.addEventListener('online', this.#online)
    window.addEventListener('offline', this.#offline)
    window.addEventListener('pagehide', this.#release)
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

  /** Opens the line though another page may have it. */
  openAnyway = () => {
    this.#ask = false
    this.connect()
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

  /** The relay's session that this page is in or was in last; null: none */
  get sharedSession(): string | null {
    return this.#output.resumePoint?.session ?? null
  }

  /** Whether typed keys go to the line. */
  get mayWrite(): boolean {
    return hasKeyboard(this.#snapshot.viewers)
  }

  send = (bytes: Uint8Array<ArrayBuffer>) => this.input.send(bytes)
  sendText = (text: string) => this.input.sendText(text)
  pressEnter = () => this.sendText(this.options.terminal.enter ?? '\r')
  paste = (text: string) => this.input.paste(text)

  /** What is pasted, and how far it is. */
  get pasting(): PasteJob {
    return this.input.pasting
  }

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
  /** Marks the line that begins at this offset of the relay's, in place of the mark that it has. */
  mark = (at: number, text: string) => this.#transport?.tell({ type: 'mark', at, text })
  unmark = (id: string) => this.#transport?.tell({ type: 'unmark', id })
  stayConnected = () => this.#transport?.tell({ type: 'stay' })

  dispose(): void {
    window.removeEventListener('online', this.#online)
    window.removeEventListener('offline', this.#offline)
    window.removeEventListener('pagehide', this.#release)
    this.#cancelWake()
    this.#size.closed()
    this.input.dispose()
    this.#output.dispose()
    this.#issuing?.abort()
    this.#transport?.close()
    this.#transport = null
    this.#release()
    this.#listeners.clear()
  }

  #release = () => {
    if (!this.#holdsLink) return
    this.#holdsLink = false
    this.options.release?.()
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
        if (this.#model.state.kind === 'ended') this.#release()
        this.#size.closed()
        this.input.closed(this.#model.state.kind === 'ended')
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
        this.#output.seam({ kind: 'line-lost', ms: effect.ms })
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
      const issued = await this.options.issue(issuing.signal, this.#ask, this.#model.relayOnly)
      // The answer is for one link: when this line is lost, another page may have the next one.
      this.#ask = true
      this.#holdsLink = issued.transport === 'direct'
      const inPlace = inPlaceOf(issued, this.#model.relayOnly, this.#snapshot)
      this.#show({ sysrq: issued.sysrq, transport: issued.transport, inPlace })
      this.#dispatch({ type: 'issued', generation, console: issued, ageMs: age() })
    } catch (error) {
      if (!issuing.signal.aborted) this.#dispatch({ type: 'failed', generation, failure: failureOf(error) })
    }
  }

  #open(generation: number, issued: IssuedConsole): void {
    if (issued.transport === 'direct') this.#output.restart()
    const { own: size } = this.#size
    const resume = { output: this.#output.resumePoint, ...this.input.resumePoint, size }
    const transport = this.options.openTransport(issued, resume, {
      onOpen: (spoke, line) => {
        this.#dispatch({ type: 'opened', generation, spoke })
        this.input.opened(line)
        if (line !== null) this.#show({ inPlace: null })
      },
      onBytes: (bytes, muted, heardAt) => {
        if (!muted) this.input.heard()
        this.#heardAt = this.#now()
        this.#dispatch({ type: 'bytes', generation, replayed: muted, earlier: this.#output.isEarlier })
        this.#output.write(bytes, muted, () => transport.consumed(bytes.length), heardAt)
      },
      onRelay: (event) => this.#relayed(generation, event),
      onSilent: (forMs) => this.#silent(forMs),
      onFailed: (failure) => this.#dispatch({ type: 'failed', generation, failure }),
    })
    this.#transport = transport
    this.#size.attach(transport, issued.transport === 'relay')
    this.input.attach(transport)
    this.#show({ hurriesRelay: transport.retry !== undefined })
  }

  #relayed(generation: number, event: RelayEvent): void {
    this.input.relayed(event)
    switch (event.type) {
      case 'joined': {
        const { session, replayFrom, began, follows, inLog = false, lostBytes } = event
        const before = this.#output.resumePoint?.session
        const restarted = before !== undefined && bootsDiffer(before, session)
        this.#share(event)
        const goesOn = lostBytes !== null
        this.#dispatch({
          type: 'joined',
          generation,
          kept: goesOn && before === session,
          seamed: goesOn || restarted,
        })
        this.#output.joined({ session, offset: replayFrom, began, follows }, lostBytes, inLog)
        if (!restarted) return
        // Where we go on, the relay has kept what the restart interrupted, and tells of it at its place.
        if (!goesOn) this.#output.seam({ kind: 'restarted', ms: null })
        this.#show({ retried: { cause: 'proxy-restarted' } })
        return
      }
      case 'gap':
        this.#output.gap(event.lostBytes)
        return
      case 'seam':
        this.#output.resumed(event.why, event.awayMs)
        return
      case 'line-lost':
        this.#dispatch({ ...event, generation })
        return
      case 'line-opening':
        this.#dispatch({ type: 'line-opening', generation })
        // A page that joins now did not see the line fail.
        if (event.failure) this.#show({ retried: event.failure })
        return
      case 'times':
        this.times.told(event.now, event.stretches)
        return
      case 'taken':
      case 'dropped':
        return
      case 'viewers':
        this.#share(event)
        this.input.keyboard(this.mayWrite)
        return
      case 'size':
      case 'marks':
      case 'recording':
      case 'warning':
        this.#share(event)
    }
  }

  #share(event: SharedLineEvent): void {
    this.#sharedLine = reduceSharedLine(this.#sharedLine, event, this.#now())
    this.#show(this.#sharedLine.shown)
    this.#size.heard(event, this.#sharedLine.shown)
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
