import { randomBytes } from 'node:crypto'
import type { Cause, Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LineMark, RelayMessage, ResumePoint, StreamClaim, Viewer } from '../../shared/relay-protocol.ts'
import { SmallMap } from '../../shared/small-map.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'
import { Arrivals } from './arrivals.ts'
import type { InputStream } from './input-stream.ts'
import { Numbers } from './numbers.ts'
import type { ViewerCursor } from './viewer-cursor.ts'
import type { ViewerPort } from './viewer-port.ts'

/** What one viewer did, for the audit log. */
export type ViewerEvent =
  | { type: 'joined' }
  /**
   * `typedBytes` went to the line, `sentBytes` to this viewer. `cause` says why somebody else ended it; null where the
   * viewer left of its own accord.
   */
  | {
      type: 'left'
      durationMs: number
      typedBytes: number
      sentBytes: number
      /** It had the keyboard at some time. */
      wrote: boolean
      cause: Cause | null
    }
  | { type: 'took-keyboard' }
  /** It came to this viewer unasked. `from`: who handed it over; null: it was free, or its writer had left. */
  | { type: 'got-keyboard'; from: string | null }
  | { type: 'handed-keyboard'; to: string }
  | { type: 'ended-session' }
  | { type: 'recording'; on: boolean; id: string }
  /** It asked for something that it may not do. */
  | { type: 'refused'; what: 'take' | 'end' | 'record' | 'mark' }
  /** Marked a line, or took its mark away. */
  | { type: 'marked'; at: number; on: boolean }

/** A viewer that joins. A session knows what each may do; it knows nothing of roles, sign-ins or clouds. */
export interface Joining {
  /** This person's tab, the same after a reload. It is a secret: no viewer learns it. */
  client: string
  /** The same for all tabs of one person. */
  person: string
  /** Uses up one share of the places: a person, or an address where nobody signs in. */
  party: string
  name: string
  mayWrite: boolean
  mayRecord: boolean
  /** May end a session that somebody else opened. */
  mayEnd: boolean
  /** The first byte that the viewer does not have; null for all that is kept. */
  offset: number | null
  /** The same, in earlier sessions of this line, if it has nothing of this one. The first that is known counts. */
  earlier: readonly ResumePoint[]
  /** It wants to know when the output was heard. */
  knowsTimes?: boolean
  /** It wants to know which lines people have marked. */
  knowsMarks?: boolean
  /** The stream that it types on, and that of its page load before */
  input: StreamClaim
  before: StreamClaim | null
  /** How large its own terminal is. Absent: an older page, which is told no sizes. */
  size?: TerminalSize | undefined
  onEvent(event: ViewerEvent): void
}

export interface Member extends Joining {
  id: string
  number: number
  tab: number
  port: ViewerPort
  cursor: ViewerCursor
  stream: InputStream
  since: number
  /** It has the keyboard, or had it. */
  wrote: boolean
  /** What of its bytes went to the gateway */
  typedBytes: number
  /** How often it was told of a lost line and has not yet answered. */
  unheard: number
  /** What it was refused before. Each refusal is recorded once, or a viewer could fill the log. */
  refused: string[]
}

/** Who is on a line */
export interface Presence {
  /** The client that has the keyboard; null: it is free, or its writer is away */
  writer: string | null
  viewers: number
  /** How long the writer has been there, or the first of the others where there is none */
  forMs: number
}

/** The viewers of a session. */
export class Members {
  readonly #byId = new SmallMap<string, Member>()
  readonly #numbers = new Numbers()
  readonly #clock: Clock
  readonly #arrivals: Arrivals

  constructor(clock: Clock) {
    this.#clock = clock
    this.#arrivals = new Arrivals(clock)
  }

  add(joining: Joining, connection: Pick<Member, 'port' | 'cursor' | 'stream'>): Member {
    const { number, tab } = this.#numbers.of(joining)
    // Each property by its name: an object of this size that is spread has a layout of its own in V8. That is 0.7 KiB
    // for each viewer, and code that reads a member cannot be optimized.
    const member: Member = {
      client: joining.client,
      person: joining.person,
      party: joining.party,
      name: joining.name,
      mayWrite: joining.mayWrite,
      mayRecord: joining.mayRecord,
      mayEnd: joining.mayEnd,
      offset: joining.offset,
      earlier: joining.earlier,
      knowsTimes: joining.knowsTimes ?? false,
      knowsMarks: joining.knowsMarks ?? false,
      input: joining.input,
      before: joining.before,
      size: joining.size,
      onEvent: joining.onEvent,
      port: connection.port,
      cursor: connection.cursor,
      stream: connection.stream,
      since: this.#clock.now(),
      number,
      tab,
      id: randomBytes(6).toString('base64url'),
      wrote: false,
      typedBytes: 0,
      unheard: 0,
      refused: [],
    }
    this.#byId.set(member.id, member)
    this.#arrivals.came(member.client)
    return member
  }

  /** @param cause why somebody else ended it; null: the viewer left of its own accord */
  leave(member: Member, cause: Cause | null): void {
    this.#byId.delete(member.id)
    this.#arrivals.left(member.client)
    const { since, typedBytes, cursor, wrote } = member
    const durationMs = this.#clock.now() - since
    member.onEvent({ type: 'left', durationMs, typedBytes, sentBytes: cursor.sentBytes, wrote, cause })
  }

  /** Tells a member why it must go, and sends it away. */
  dismiss(member: Member, failure: Failure): void {
    // What it types from here on is looked at no more.
    member.port.notify({ type: 'closing', failure, input: member.stream.next })
    member.port.close()
    this.leave(member, failure.cause)
  }

  get(id: string): Member | undefined {
    return this.#byId.get(id)
  }

  has({ id }: Member): boolean {
    return this.#byId.has(id)
  }

  of(client: string | null): Member | undefined {
    for (const member of this) if (member.client === client) return member
    return undefined
  }

  /** Who is there, for those who are not. @param writer the client that has the keyboard */
  present(writer: string | null): { name: string; writer: boolean; hereMs: number }[] {
    const now = this.#clock.now()
    return [...this].map(({ name, client, since }) => ({
      name,
      writer: client === writer,
      hereMs: now - since,
    }))
  }

  get size(): number {
    return this.#byId.size
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#byId.values()
  }

  /** The only member who may write: a free keyboard goes to it. Among several, whoever wants it takes it. */
  get onlyTypist(): Member | null {
    const [only, ...others] = [...this].filter(({ mayWrite }) => mayWrite)
    return only && others.length === 0 ? only : null
  }

  /** @param writer the client that has the keyboard @returns null: nobody is there */
  presence(writer: string | null): Presence | null {
    const all = [...this]
    if (all.length === 0) return null
    const present = this.of(writer) ?? null
    const ages = (present ? [present] : all).map(({ client }) => this.#arrivals.ageOf(client))
    return { writer: present?.client ?? null, viewers: all.length, forMs: Math.max(...ages) }
  }

  broadcast(message: RelayMessage): void {
    for (const { port } of this) port.notify(message)
  }

  /** Tells the size of the session's terminals to those who understand it. */
  tellSize(size: TerminalSize | null): void {
    const message: RelayMessage = { type: 'size', size }
    for (const { port, size: own } of this) if (own) port.notify(message)
  }

  /** Tells the marks to those who understand them. */
  tellMarks(marks: readonly LineMark[], to: Iterable<Member> = this): void {
    const message: RelayMessage = { type: 'marks', marks: [...marks] }
    for (const { port, knowsMarks } of to) if (knowsMarks) port.notify(message)
  }

  /** The list that every viewer sees. */
  list(writer: string | null, owner: string | null): Viewer[] {
    return [...this].map(({ id, name, number, tab, mayWrite, client }) => ({
      id,
      name,
      number,
      tab,
      mayWrite,
      role: client === writer ? 'writer' : 'viewer',
      owner: client === owner,
    }))
  }

  /** The page offers none of this to a viewer that may not do it, so the request did not come from the page. */
  reportRefused(member: Member, what: 'take' | 'end' | 'record' | 'mark'): void {
    if (member.refused.includes(what)) return
    member.refused.push(what)
    member.onEvent({ type: 'refused', what })
  }
}
