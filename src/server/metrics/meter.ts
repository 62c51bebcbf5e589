import type { Cause } from '../../shared/cause.ts'
import type { WhyTransport } from '../consoles/transport-choice.ts'

/** What the server asks its cloud */
export type CloudOperation =
  | 'list'
  | 'server'
  | 'attachments'
  | 'console'
  | 'power'
  | 'power-job'
  | 'sign-in'
  | 'projects'

/** Hears of what happens, so that it can be counted. Every call returns at once and never throws. */
export interface Meter {
  /** Serial bytes. `out`: the machine said them; `in`: they were handed to its gateway. */
  bytes(direction: 'out' | 'in', count: number): void
  /** So long after a key the line said something. */
  echo(ms: number): void
  /** A console was given. @param why `auto` chose so; `set`: the setting did */
  issued(transport: 'direct' | 'relay', why: WhyTransport | 'set'): void
  /** A line was lost. */
  lineLost(cause: Cause): void
  /** A lost line is back. @param awayMs how long it was gone */
  lineBack(awayMs: number): void
  /** The cloud was asked. @param cause null: it answered */
  asked(operation: CloudOperation, ms: number, cause: Cause | null): void
  /** A request was answered. @param route as it is registered, so that there are few */
  answered(request: { method: string; route: string; status: number; ms: number }): void
  /** The event loop was late by so much. */
  late(ms: number): void
}

export const noMeter: Meter = {
  bytes() {},
  echo() {},
  issued() {},
  lineLost() {},
  lineBack() {},
  asked() {},
  answered() {},
  late() {},
}
