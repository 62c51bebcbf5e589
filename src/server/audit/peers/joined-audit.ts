import type { AuditFilter } from '../../../shared/audit.ts'
import { askPeer, isAnyAway, type Peer } from '../../replicas/peer.ts'
import type { AuditStep } from '../audit.ts'
import { cursorText, type JoinedCursor, joinedCursor, notAfter } from './cursor.ts'
import { type OwnAudit, readOwn } from './read-own.ts'
import type { AuditReading } from './reading.ts'
import { auditPeerPath, KeptEvents } from './wire.ts'

export interface AuditPeers {
  /** Who else is there now */
  peers: () => readonly Peer[]
  /** The audit logs of all that were there lately; null: nobody knows. */
  stores: () => Promise<ReadonlySet<string> | null>
}

interface JoinedOptions extends AuditPeers, OwnAudit {}

/** @returns the next events; null: the log is away */
type Ask = (filter: AuditFilter, before: string | null) => Promise<KeptEvents | null>

/**
 * The audit logs of all replicas as one, newest first. Each log's events stay in its own order, since clocks differ.
 * @param before an `AuditCursor`
 */
export class JoinedAudit implements AuditReading {
  readonly #parts: readonly Part[]
  /** Those of the parts that are read: each log once */
  #logs: readonly Part[]
  readonly #options: JoinedOptions
  /** What is away now goes on there when it is back. */
  readonly #before: JoinedCursor
  #known: ReadonlySet<string> | null = null
  readonly search: AsyncIterable<AuditStep> = this.#steps()
  #time: number

  private constructor(options: JoinedOptions, parts: readonly Part[], before: JoinedCursor) {
    this.#options = options
    this.#parts = parts
    this.#logs = parts
    this.#before = before
    this.#time = before.time
  }

  static async open(
    options: JoinedOptions,
    filter: AuditFilter,
    before: string | null,
  ): Promise<JoinedAudit> {
    const { now, peers } = options
    const own: Ask = (asked, at) => readOwn(options, { ...asked, before: at })
    const others = peers().map(
      (peer): Ask =>
        (asked, at) =>
          askPeer(peer, auditPeerPath({ ...asked, before: at ?? undefined }), KeptEvents),
    )
    const cursor = before === null ? null : joinedCursor(before)
    const parts = [own, ...others].map((ask) => new Part(ask, filter, before, cursor))
    const joined = new JoinedAudit(options, parts, cursor ?? { time: now(), places: new Map() })
    const [known] = await Promise.all([options.stores(), ...parts.map((part) => part.advance())])
    joined.#known = known
    // Two replicas that were given the same file have one log.
    const named = (part: Part) => parts.find(({ name }) => name === part.name)
    joined.#logs = parts.filter((part) => part.name === null || named(part) === part)
    return joined
  }

  /** Whether a replica is away that may have more */
  get away(): boolean {
    const [, ...others] = this.#parts
    return isAnyAway(
      { own: this.#options.store, known: this.#known },
      others.map(({ answer, away }) => ({ answer: away ? null : answer })),
    )
  }

  /** `memory` where one of them is no longer than that */
  get kept(): 'memory' | 'file' {
    return this.#parts.some(({ answer }) => answer?.kept === 'memory') ? 'memory' : 'file'
  }

  get unwritten(): number {
    return this.#parts.reduce((sum, { answer }) => sum + (answer?.unwritten ?? 0), 0)
  }

  async *#steps(): AsyncGenerator<AuditStep> {
    for (;;) {
      const found: AuditStep['found'] = []
      // Which event is next is known while each log has one, or has no more.
      while (this.#logs.every(({ lacks }) => !lacks)) {
        const next = this.#logs.reduce((a, b) => (b.time > a.time ? b : a))
        const event = next.take()
        if (!event) {
          if (found.length > 0) yield { found, older: this.#older }
          return
        }
        this.#time = Math.min(this.#time, Date.parse(event.time))
        found.push({ event, older: this.#older })
      }
      yield { found, older: this.#older }
      await Promise.all(this.#logs.filter(({ lacks }) => lacks).map((part) => part.advance()))
    }
  }

  get #older(): string {
    const places = this.#logs.flatMap(({ name, place }) => (name && place ? [[name, place] as const] : []))
    return cursorText({ time: this.#time, places: new Map([...this.#before.places, ...places]) })
  }
}

/** One log, of which some events are here */
class Part {
  /** What it said last */
  answer: KeptEvents | null = null
  away = false
  /** Its cursor to all that is older than what was taken; null: nothing was. */
  place: string | null = null
  readonly #ask: Ask
  #filter: AuditFilter
  readonly #before: string | null
  readonly #cursor: JoinedCursor | null
  #taken = 0

  constructor(ask: Ask, filter: AuditFilter, before: string | null, cursor: JoinedCursor | null) {
    this.#ask = ask
    this.#filter = filter
    this.#before = before
    this.#cursor = cursor
  }

  get name(): string | null {
    return this.answer?.name ?? null
  }

  /** It may have more, and none of it is here. */
  get lacks(): boolean {
    if (this.away) return false
    return this.answer === null || (this.#head === undefined && this.answer.older !== null)
  }

  /** When the next event was, epoch ms */
  get time(): number {
    return this.#head ? Date.parse(this.#head.event.time) : Number.NEGATIVE_INFINITY
  }

  take() {
    const head = this.#head
    if (!head || !this.answer) return null
    this.#taken += 1
    const last = this.#taken === this.answer.found.length
    // All that was looked at behind it need not be looked at again.
    this.place = last ? (this.answer.older ?? head.older) : head.older
    return head.event
  }

  async advance(): Promise<void> {
    const answer = await this.#ask(this.#filter, this.answer?.older ?? this.#before)
    if (answer === null) {
      this.away = true
      return
    }
    if (this.answer === null && this.#cursor) {
      this.place = this.#cursor.places.get(answer.name) ?? null
      // It began by the time. What follows has a cursor of its own, which does not say so.
      if (this.place === null) this.#filter = notAfter(this.#cursor.time, this.#filter)
    }
    if (answer.found.length === 0 && answer.older !== null) this.place = answer.older
    this.answer = answer
    this.#taken = 0
  }

  get #head() {
    return this.away ? undefined : this.answer?.found[this.#taken]
  }
}
