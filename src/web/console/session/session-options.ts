import type { IssuedConsole } from '../../../shared/api.ts'
import type { Clock, Now } from '../../../shared/clock.ts'
import type { TerminalSize } from '../../../shared/terminal-size.ts'
import type { RelayOnly } from '../../../shared/transport.ts'
import type { OpenTransport } from '../transport/transport.ts'
import type { OutputPort, Seam } from './output.ts'
import type { TypingMemory } from './typing.ts'

/** Decides how large the terminal is. */
export interface FramePort {
  /** How large it is by itself, whatever it follows */
  readonly own: TerminalSize
  /** Calls when that has changed. One listener. */
  onOwn(listener: () => void): void
  /** Takes this size; null: its own. */
  follow(size: TerminalSize | null): void
}

/** What the session needs of a terminal. */
interface TerminalPort extends OutputPort {
  /** What a person typed. */
  onInput(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void
  /** What the terminal says by itself, such as where its cursor is. */
  onAnswer(listener: (text: string) => void): void
  readonly frame: FramePort
  /** What was typed went to the line. A terminal may show it by itself. */
  echo?(bytes: Uint8Array): void
  /** These characters were to be sent, and the line's encoding lacks them. */
  refused?(characters: string): void
  /** This goes to the line and was not typed. What is typed next may depend on it. */
  passes?(text: string): void
  /** This was typed and lost, and is to go out again. @param send sends it, unless it has to be asked about */
  again?(text: string, send: () => void): void
  /** What the machine takes for Enter. Without it, CR. */
  readonly enter?: string
  readonly bracketedPaste: boolean
  /** A full-screen program has the screen. */
  readonly fullScreen: boolean
}

export interface SessionOptions {
  /**
   * @param ask fails with `in-use` where another page may have the line, and opening it could disturb it
   * @param relayOnly why no link is wanted
   */
  issue: (signal: AbortSignal, ask: boolean, relayOnly: RelayOnly | null) => Promise<IssuedConsole>
  /** This page has let go of its direct line. */
  release?: () => void
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
