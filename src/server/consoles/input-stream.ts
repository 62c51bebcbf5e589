import {
  type Dropped,
  MAX_DROPPED,
  type Proof,
  type RelayMessage,
  type StreamClaim,
  type StreamState,
} from '../../shared/relay-protocol.ts'
import { SmallMap } from '../../shared/small-map.ts'

/** What became of bytes that a person typed. */
export type Receipt = Extract<RelayMessage, { type: 'taken' | 'dropped' }>

/** Tells the page that typed on a stream. */
export type StreamReader = (receipt: Receipt) => void

/** The numbered bytes that one page load types. Each number gets one fate, once: taken or dropped. */
export class InputStream {
  readonly client: string
  /** null while its page is away: what happens then is told when it comes back. */
  reader: StreamReader | null = null
  #next: number
  #proved: number
  #waiting = 0
  #dropped: Dropped[] = []

  /** @param client the tab whose page load it is */
  constructor(client: string, first: number) {
    this.client = client
    this.#next = first
    this.#proved = first
  }

  /** The number of the byte that comes next */
  get next(): number {
    return this.#next
  }

  /** How many bytes have no fate yet. */
  get waiting(): number {
    return this.#waiting
  }

  /** So many bytes came. @returns the number of the first */
  add(bytes: number): number {
    const from = this.#next
    this.#next += bytes
    this.#waiting += bytes
    return from
  }

  /** The gateway has these. Bytes leave in order, so all before them that were not dropped have reached it, too. */
  take(from: number, to: number, proof: Proof): void {
    this.#waiting -= to - from
    this.#proved = Math.max(this.#proved, to)
    this.reader?.({ type: 'taken', upTo: to, proof })
  }

  drop(range: Dropped): void {
    this.#waiting -= range.to - range.from
    joinRange(this.#dropped, range)
    this.reader?.({ type: 'dropped', ...range })
  }

  /** @param known the page knows the fates of all below, so they need not be kept */
  state(known: number): StreamState {
    while (this.#dropped[0] && this.#dropped[0].to <= known) this.#dropped.shift()
    const dropped = this.#dropped.map((range) => ({ ...range, from: Math.max(range.from, known) }))
    return { next: this.#next, proved: this.#waiting === 0 ? this.#next : this.#proved, dropped }
  }
}

/**
 * Adds a copy of a range in its order. Neighbours alike become one. Above the limit, the oldest two become one that is
 * `unknown`.
 */
export function joinRange(ranges: Dropped[], range: Dropped): void {
  let at = ranges.length
  while (at > 0 && (ranges[at - 1]?.from ?? 0) > range.from) at -= 1
  const before = ranges[at - 1]
  if (before && isNext(before, range)) {
    // As a rule a person goes on to type into the same, so nothing new is made for it.
    before.to = range.to
    at -= 1
  } else {
    ranges.splice(at, 0, { ...range })
  }
  const [joined, next] = [ranges[at], ranges[at + 1]]
  if (joined && next && isNext(joined, next)) {
    joined.to = next.to
    ranges.splice(at + 1, 1)
  }
  if (ranges.length <= MAX_DROPPED) return
  const [first, second] = ranges
  if (first && second) ranges.splice(0, 2, { ...first, to: second.to, fate: 'unknown' })
}

const isNext = (one: Dropped, next: Dropped) =>
  one.to === next.from && one.why === next.why && one.fate === next.fate

/** How many streams are remembered whose page is away. */
const MOST_AWAY = 32

/** The tab that types on a stream, and the party whose share of the places it uses */
export interface StreamOwner {
  client: string
  party: string
}

/** The streams of a session. They outlive the connections of their pages. */
export class InputStreams {
  /** By stream and client. Those whose pages are away are in the order in which these left. */
  readonly #streams = new SmallMap<string, { stream: InputStream; party: string }>()

  /** A page comes, or comes back. */
  join({ client, party }: StreamOwner, claim: StreamClaim): { stream: InputStream; isNew: boolean } {
    const known = this.find(client, claim)
    if (known) return { stream: known, isNew: false }
    const stream = new InputStream(client, claim.known)
    this.#streams.set(keyOf(client, claim), { stream, party })
    return { stream, isNew: true }
  }

  /** The client is part of the key: no tab learns of another's stream, nor types on it. */
  find(client: string, claim: StreamClaim): InputStream | undefined {
    return this.#streams.get(keyOf(client, claim))?.stream
  }

  /** Its page is gone, for now or for ever. */
  leave(stream: InputStream): void {
    stream.reader = null
    const left = [...this.#streams].find(([, each]) => each.stream === stream)
    if (!left) return
    const [key, kept] = left
    this.#streams.delete(key)
    this.#streams.set(key, kept)
    this.#forget()
  }

  /** When there are too many, the party that has the most loses its oldest: its reloads cost nobody else a stream. */
  #forget(): void {
    const away = [...this.#streams].filter(([, { stream }]) => stream.reader === null)
    if (away.length <= MOST_AWAY) return
    const oldestOf = new Map<string, { key: string; count: number }>()
    for (const [key, { party }] of away) {
      const oldest = oldestOf.get(party)
      if (oldest) oldest.count += 1
      else oldestOf.set(party, { key, count: 1 })
    }
    const [most] = [...oldestOf.values()].sort((one, other) => other.count - one.count)
    if (most) this.#streams.delete(most.key)
  }
}

/** A stream's name holds no space. */
const keyOf = (client: string, { stream }: StreamClaim) => `${stream} ${client}`
