import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import type { NotSent, ViewerMay } from '../../../shared/relay-protocol.ts'
import { failureOf } from '../../api/client.ts'
import { PastePacer } from '../paste/pacer.ts'
import { bracketed } from '../paste/paste.ts'
import type { OpenTransport, RelayEvent, ResumePoint, Transport } from '../transport/transport.ts'
import { initialModel, reduce, type SessionEffect, type SessionEvent, type SessionState } from './state.ts'
import { hasKeyboard, type News, type Viewers, viewerNews } from './viewers.ts'

/** What the session needs of a terminal. */
interface TerminalPort {
  /** @param taken called when there is room for more */
  write(text: string, muted: boolean, taken: () => void): void
  onInput(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void
  cleanModes(): void
  /** A dim line of our own between the machine's. */
  writeSeam(text: string): void
  readonly bracketedPaste: boolean
}

export interface SessionOptions {
  issue: (signal: AbortSignal) => Promise<IssuedConsole>
  openTransport: OpenTransport
  terminal: TerminalPort
  seamText: (seam: Seam) => string
}

/** Why the machine's words do not follow on each other here. */
export type Seam = { kind: 'away'; ms: number } | { kind: 'lost'; bytes: number }

export interface SessionSnapshot {
  state: SessionState
  transport: IssuedConsole['transport'] | null
  sysrq: IssuedConsole['sysrq']
  paste: { sent: number; total: number } | null
  /** Typed keys that were last not sent. */
  notSent: { at: number; why: NotSent } | null
  /** What our role lets us do on a shared line; null: until it is told, and where it is not shared. */
  may: ViewerMay | null
  /** Who is on this line; null where it is not shared. */
  viewers: Viewers | null
  /** Whether the line is being recorded; null where it cannot be. */
  recording: { on: boolean; mayChange: boolean } | null
  /** The session ends soon unless somebody stays. `endsAt` in ms since the epoch. */
  warning: { limit: Limit; endsAt: number } | null
  /** What last happened among the viewers: each a new object. */
  news: News | null
  /** We ended the session for all. */
  endedForAll: boolean
}

type Limit = Extract<RelayEvent, { type: 'warning' }>['limit']

/** Drives the session's state machine: runs its effects and feeds it what happens. */
export class ConsoleSession {
  #model = initialModel
  #snapshot: SessionSnapshot = {
    state: initialModel.state,
    transport: null,
    sysrq: null,
    paste: null,
    notSent: null,
    may: null,
    viewers: null,
    recording: null,
    warning: null,
    news: null,
    endedForAll: false,
  }
  #transport: Transport | null = null
  #asking: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #pasteTimer: ReturnType<typeof setTimeout> | undefined
  #decoder = new TextDecoder()
  /** Where the relay's stream goes on for us. */
  #point: ResumePoint | null = null
  /** Limits that were announced, with the time when each strikes. */
  readonly #limits = new Map<Limit, number>()
  #handedTo: string | null = null
  readonly #encoder = new TextEncoder()
  readonly #listeners = new Set<() => void>()
  readonly #online = () => this.#dispatch({ type: 'online' })

  constructor(readonly options: SessionOptions) {
    options.terminal.onInput((bytes) => this.send(bytes))
    window.addEventListener('online', this.#online)
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
    this.#dispatch({ type: 'disconnect' })
  }

  /** Something beside the line says that it must not go on, or cannot. */
  fail(failure: Failure): void {
    this.#dispatch({ type: 'failed', generation: this.#model.generation, failure })
  }

  /** Whether what is typed goes to the line. */
  get mayWrite(): boolean {
    return hasKeyboard(this.#snapshot.viewers)
  }

  /** Sends to the line; while it is down, or another's, nothing is kept for later, and the page says so. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#transport && !this.mayWrite) {
      const why = this.#snapshot.may?.write === false ? 'may-not-write' : 'not-writer'
      this.#show({ notSent: { at: Date.now(), why } })
      return
    }
    this.#dispatch({ type: 'keystroke' })
    if (this.#model.state.kind !== 'recovering') this.#transport?.send(bytes)
  }

  /** Takes the keyboard of a shared line from whoever has it. */
  takeKeyboard = () => this.#transport?.tell({ type: 'take' })
  releaseKeyboard = () => this.#transport?.tell({ type: 'release' })
  handKeyboard = (viewer: string) => {
    this.#handedTo = viewer
    this.#transport?.tell({ type: 'hand', viewer })
  }
  endForAll = () => {
    this.#transport?.tell({ type: 'end' })
    this.#show({ endedForAll: true })
  }
  record = (on: boolean) => this.#transport?.tell({ type: 'record', on })
  stayConnected = () => this.#transport?.tell({ type: 'stay' })

  sendText(text: string): void {
    this.send(this.#encoder.encode(text))
  }

  /** Types the text at the pace of a serial line; keys typed meanwhile go in between, Ctrl+C among them. */
  paste(text: string): void {
    this.cancelPaste()
    const pacer = new PastePacer(this.options.terminal.bracketedPaste ? bracketed(text) : text)
    const step = () => {
      const burst = this.#transport && this.mayWrite ? pacer.next() : null
      if (!burst) return this.cancelPaste()
      this.send(burst.bytes)
      const progress = pacer.progress
      if (progress.sent === progress.total) return this.cancelPaste()
      this.#show({ paste: progress })
      this.#pasteTimer = setTimeout(step, burst.wait)
    }
    if (this.#transport && this.mayWrite) step()
    // Says why nothing was pasted.
    else this.send(new Uint8Array())
  }

  cancelPaste(): void {
    clearTimeout(this.#pasteTimer)
    if (this.#snapshot.paste) this.#show({ paste: null })
  }

  dispose(): void {
    window.removeEventListener('online', this.#online)
    clearTimeout(this.#timer)
    clearTimeout(this.#pasteTimer)
    this.#asking?.abort()
    this.#transport?.close()
    this.#transport = null
    this.#listeners.clear()
  }

  #dispatch(event: SessionEvent): void {
    const [model, effects] = reduce(this.#model, event, { now: Date.now(), random: Math.random() })
    const changed = model.state !== this.#model.state
    this.#model = model
    for (const effect of effects) this.#run(effect)
    if (changed) this.#show({ state: model.state })
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
        this.#asking?.abort()
        this.#transport?.close()
        this.#transport = null
        this.cancelPaste()
        this.#limits.clear()
        this.#show({ viewers: null, recording: null, warning: null, news: null })
        return
      case 'wake-at':
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#dispatch({ type: 'due' }), effect.time - Date.now() + 1)
        return
      case 'clean-modes':
        this.options.terminal.cleanModes()
        return
      case 'seam':
        this.#writeSeam({ kind: 'away', ms: effect.to - effect.from })
        return
      case 'not-sent':
        this.#show({ notSent: { at: Date.now(), why: 'line-down' } })
    }
  }

  async #issue(generation: number): Promise<void> {
    clearTimeout(this.#timer)
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    try {
      const issued = await this.options.issue(asking.signal)
      this.#show({ sysrq: issued.sysrq, transport: issued.transport })
      this.#dispatch({ type: 'issued', generation, console: issued })
    } catch (error) {
      if (!asking.signal.aborted) this.#dispatch({ type: 'failed', generation, failure: failureOf(error) })
    }
  }

  #open(generation: number, issued: IssuedConsole): void {
    // A gateway's stream begins anew, and a cut may have come inside a character.
    if (issued.transport === 'direct') this.#decoder = new TextDecoder()
    const transport = this.options.openTransport(issued, this.#point, {
      onOpen: (spoke) => this.#dispatch({ type: 'opened', generation, spoke }),
      onBytes: (bytes, muted) => {
        this.#dispatch({ type: 'bytes', generation })
        if (this.#point) this.#point.offset += bytes.length
        // Not write(Uint8Array): xterm 6.0.0 loses a character split after a 0x80 byte (xtermjs/xterm.js#6003).
        const text = this.#decoder.decode(bytes, { stream: true })
        this.options.terminal.write(text, muted, () => transport.consumed(bytes.length))
      },
      onRelay: (event) => this.#relayed(generation, event),
      onFailed: (failure) => this.#dispatch({ type: 'failed', generation, failure }),
    })
    this.#transport = transport
  }

  #relayed(generation: number, event: RelayEvent): void {
    switch (event.type) {
      case 'joined':
        this.#show({ may: event.may })
        this.#point = { session: event.session, offset: event.replayFrom }
        this.#dispatch({ type: 'joined', generation, kept: event.lostBytes !== null })
        if (event.lostBytes === null) this.#decoder = new TextDecoder()
        else if (event.lostBytes > 0) this.#skipped(event.lostBytes)
        return
      case 'gap':
        if (this.#point) this.#point.offset += event.lostBytes
        this.#skipped(event.lostBytes)
        return
      case 'seam':
        this.#decoder = new TextDecoder()
        this.options.terminal.cleanModes()
        this.#writeSeam({ kind: 'away', ms: event.awayMs })
        return
      case 'line-lost':
      case 'line-opening':
        this.cancelPaste()
        this.#dispatch({ ...event, generation })
        return
      case 'viewers': {
        const before = this.#snapshot.viewers
        const viewers = { you: event.you, all: event.viewers }
        const news = before && viewerNews(before, viewers, this.#handedTo)
        if (!hasKeyboard(viewers)) this.#handedTo = null
        this.#show(news ? { viewers, news } : { viewers })
        return
      }
      case 'not-sent':
        this.#show({ notSent: { at: Date.now(), why: event.why } })
        return
      case 'recording': {
        const { on, mayChange } = event
        const changed = on !== (this.#snapshot.recording?.on ?? false)
        this.#show({ recording: { on, mayChange } })
        if (changed) this.#show({ news: { kind: on ? 'recorded' : 'not-recorded' } })
        return
      }
      case 'warning': {
        const { limit, endsInMs } = event
        if (endsInMs === null) this.#limits.delete(limit)
        else this.#limits.set(limit, Date.now() + endsInMs)
        const [first] = [...this.#limits].sort(([, one], [, other]) => one - other)
        this.#show({ warning: first ? { limit: first[0], endsAt: first[1] } : null })
      }
    }
  }

  /** Bytes that never came: what follows may begin inside a character or a sequence. */
  #skipped(bytes: number): void {
    this.#decoder = new TextDecoder()
    this.options.terminal.cleanModes()
    this.#writeSeam({ kind: 'lost', bytes })
  }

  #writeSeam(seam: Seam): void {
    this.options.terminal.writeSeam(this.options.seamText(seam))
  }

  #show(change: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
