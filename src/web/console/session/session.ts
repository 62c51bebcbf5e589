import type { IssuedConsole } from '../../../shared/api.ts'
import { failureOf } from '../../api/client.ts'
import { PastePacer } from '../paste/pacer.ts'
import { bracketed } from '../paste/paste.ts'
import type { OpenTransport, Transport } from '../transport/transport.ts'
import { initialModel, reduce, type SessionEffect, type SessionEvent, type SessionState } from './state.ts'

/** What the session needs of a terminal. */
interface TerminalPort {
  write(text: string, muted: boolean, done: () => void): void
  onInput(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void
  cleanModes(): void
  writeSeam(text: string): void
  readonly bracketedPaste: boolean
}

export interface SessionOptions {
  issue: (signal: AbortSignal) => Promise<IssuedConsole>
  openTransport: OpenTransport
  terminal: TerminalPort
  seamText: (gap: { from: number; to: number }) => string
}

export interface SessionSnapshot {
  state: SessionState
  transport: IssuedConsole['transport'] | null
  sysrq: IssuedConsole['sysrq']
  paste: { sent: number; total: number } | null
  /** When typed keys were last not sent, since the line was down. */
  notSentAt: number | null
}

/** Drives the session's state machine: runs its effects and feeds it what happens. */
export class ConsoleSession {
  #model = initialModel
  #snapshot: SessionSnapshot = {
    state: initialModel.state,
    transport: null,
    sysrq: null,
    paste: null,
    notSentAt: null,
  }
  #transport: Transport | null = null
  #asking: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #pasteTimer: ReturnType<typeof setTimeout> | undefined
  #decoder = new TextDecoder()
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
    this.#dispatch({ type: 'connect' })
  }

  disconnect(): void {
    this.#dispatch({ type: 'disconnect' })
  }

  /** Sends to the line; while it is down nothing is kept for later, and the page says so. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#dispatch({ type: 'keystroke' })
    this.#transport?.send(bytes)
  }

  sendText(text: string): void {
    this.send(this.#encoder.encode(text))
  }

  /** Types the text at the pace of a serial line; keys typed meanwhile go in between, Ctrl+C among them. */
  paste(text: string): void {
    this.cancelPaste()
    const pacer = new PastePacer(this.options.terminal.bracketedPaste ? bracketed(text) : text)
    const step = () => {
      const burst = this.#transport ? pacer.next() : null
      if (!burst) return this.cancelPaste()
      this.send(burst.bytes)
      const progress = pacer.progress
      if (progress.sent === progress.total) return this.cancelPaste()
      this.#show({ paste: progress })
      this.#pasteTimer = setTimeout(step, burst.wait)
    }
    if (this.#transport) step()
    else this.#dispatch({ type: 'keystroke' })
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
        return
      case 'wake-at':
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#dispatch({ type: 'due' }), effect.time - Date.now() + 1)
        return
      case 'clean-modes':
        this.options.terminal.cleanModes()
        return
      case 'seam':
        this.options.terminal.writeSeam(this.options.seamText(effect))
        return
      case 'not-sent':
        this.#show({ notSentAt: Date.now() })
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
    // A cut may have come inside a character: the next line begins with a fresh decoder.
    this.#decoder = new TextDecoder()
    const transport = this.options.openTransport(issued, {
      onOpen: () => this.#dispatch({ type: 'opened', generation }),
      onBytes: (bytes, muted) => {
        this.#dispatch({ type: 'bytes', generation })
        // Not write(Uint8Array): xterm 6.0.0 loses a character split after a 0x80 byte (xtermjs/xterm.js#6003).
        const text = this.#decoder.decode(bytes, { stream: true })
        this.options.terminal.write(text, muted, () => transport.consumed(bytes.length))
      },
      onFailed: (failure) => this.#dispatch({ type: 'failed', generation, failure }),
    })
    this.#transport = transport
  }

  #show(change: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
