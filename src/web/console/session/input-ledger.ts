import type { Dropped, RelayMessage, StreamClaim, StreamState } from '../../../shared/relay-protocol.ts'
import { readWhole, utf8 } from '../encoding/encodings.ts'
import { type Bytes, type Fate, LostInput, type LostKeys, type Read, sizeOf } from './lost-input.ts'

/** A person who typed blindly for longer than this wants to see the screen before the keys go. */
export const RESEND_MS = 5_000
/** What may wait in the page while the line takes nothing. */
const MAX_WAITING_BYTES = 64 * 1024

type Range = Omit<Dropped, 'why'>

/** What the relay says of our input when it lets us in. */
export type JoinedInput = Pick<
  Extract<RelayMessage, { type: 'hello' }>,
  'session' | 'line' | 'input' | 'before'
>

/** The numbers that outlive a page load. The bytes do not: a password may be among them. */
export interface InputMemory {
  stream: string
  /** Each number below has a fate that was heard. */
  known: number
  /** Each number below was typed. */
  sent: number
}

/**
 * @param from the index of the first byte that did not arrive, or may not have
 * @param fate `unknown`: it may have arrived all the same
 */
export type OnLost = (from: number, fate: Fate) => void

interface Piece {
  /** How many bytes were typed before these. It puts what was lost in order. */
  at: number
  /** The number of the first byte, once it has left. */
  from: number
  bytes: Bytes
  typedAt: number
  /** Where bytes have an owner that sees to them, their loss is told to it and to nobody else. */
  owner: { at: number; onLost: OnLost } | null
}

/**
 * Where typed bytes may go now.
 * `early`: there was no line yet, so they wait for it.
 * `held`: the relay let us in, but did not yet say who has the keyboard.
 * `away`: the connection to the relay broke, and may be back soon.
 * `broken`: the line was lost, and what is typed is not sent.
 */
type Reach = 'early' | 'held' | 'open' | 'away' | 'broken'

/**
 * Follows every typed byte until its fate is known. Bytes are numbered in the order in which they leave the page. A
 * relay tells the fate of each number, so nothing is sent twice and nothing is lost in silence. On a direct line nobody
 * tells: what follows the machine's last output may not have arrived if the line drops.
 */
export class InputLedger {
  #reach: Reach = 'early'
  #window = 0
  #session: string | null = null
  /** Counts the session's connections to the gateway, as the relay does. */
  #line = 0
  #known = 0
  /** The number of the next byte that leaves. */
  #next = 0
  #typed = 0
  /** Left the page, fate unknown. */
  #sent: Piece[] = []
  #waiting: Piece[] = []
  /** Ranges above `known` that were dropped. */
  #dropped: Range[] = []
  readonly #lost: LostInput
  /** How often something was lost. */
  #losses = 0
  /** What the page load before this one left behind, until its fate is told. */
  #before: InputMemory | null = null

  constructor(
    readonly stream: string,
    read: Read = (bytes) => readWhole(utf8, bytes),
  ) {
    this.#lost = new LostInput(read)
  }

  /** @param before what the page load before this one left behind */
  recall(before: InputMemory | null): void {
    this.#before = before
  }

  get claim(): StreamClaim {
    return { stream: this.stream, known: this.#known }
  }

  /** The stream of the page load before, until the relay has told its fate. */
  get claimBefore(): StreamClaim | null {
    return this.#before && { stream: this.#before.stream, known: this.#before.known }
  }

  /** Null: nothing is open that a reload would lose. */
  get memory(): InputMemory | null {
    const sent = this.#next + sizeOf(this.#waiting)
    return sent === this.#known ? this.#before : { stream: this.stream, known: this.#known, sent }
  }

  /** Whether typed bytes wait in the page. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  get lost(): LostKeys | null {
    return this.#lost.keys
  }

  /** What was lost, as it was typed. */
  get lostBytes(): Bytes {
    return this.#lost.bytes
  }

  /** @param onLost told of each loss; without it a lost byte is kept for the person who typed it */
  type(bytes: Bytes, now: number, onLost: OnLost | null = null): void {
    if (bytes.length === 0) return
    const at = this.#typed
    const piece = { at, from: 0, bytes, typedAt: now, owner: onLost && { at, onLost } }
    this.#typed += bytes.length
    const full = sizeOf(this.#waiting) + bytes.length > MAX_WAITING_BYTES
    if (full || this.#reach === 'broken') this.#lose([piece], 'never-sent')
    else this.#waiting.push(piece)
  }

  /** Sends what may leave now. @param send returns false where the bytes went nowhere */
  flush(send: (bytes: Bytes) => boolean): void {
    let room = this.#window - sizeOf(this.#sent)
    while (this.#reach === 'open' && room > 0) {
      const first = this.#waiting.shift()
      if (!first) return
      const bytes = first.bytes.slice(0, room)
      const rest = part(first, bytes.length)
      if (rest.bytes.length > 0) this.#waiting.unshift(rest)
      if (!send(bytes)) return this.#lose([{ ...first, bytes }, ...this.#waiting.splice(0)], 'never-sent')
      this.#sent.push({ ...first, from: this.#next, bytes })
      this.#next += bytes.length
      room -= bytes.length
    }
  }

  /** The relay let us in. What it never got goes out again by itself only where nobody could have noticed the break. */
  joined({ session, line, input, before }: JoinedInput, now: number): void {
    const first = this.#reach === 'early'
    const same = session === this.#session && !input.isNew
    const losses = this.#losses
    this.#reach = 'held'
    this.#tellBefore(before)
    if (same) {
      for (const range of input.dropped) this.dropped(range)
      this.taken(input.proved)
    } else this.#lose(this.#sent.splice(0), 'unknown')
    const again = [...this.#cut(input.next, Number.POSITIVE_INFINITY), ...this.#waiting.splice(0)]
    const inTime = now - (again[0]?.typedAt ?? now) < RESEND_MS
    const goesOn = same && line === this.#line && inTime
    // Never past a loss: half a command is worse than none.
    if (this.#losses === losses && (first || goesOn)) this.#waiting = again
    else this.#lose(again, 'never-sent')
    if (!same) this.#dropped = []
    this.#known = same ? Math.min(this.#known, input.next) : input.next
    this.#next = input.next
    this.#window = input.window
    this.#session = session
    this.#line = line
  }

  /** The relay said who has the keyboard. */
  keyboard(ours: boolean): void {
    if (!ours) this.#loseWaiting()
    if (this.#reach === 'held') this.#reach = 'open'
  }

  /** The relay's line was lost. */
  lineLost(): void {
    this.#reach = 'broken'
    this.#loseWaiting()
  }

  /** The relay opens its line. It keeps what is typed meanwhile. */
  lineOpening(): void {
    if (this.#reach === 'broken') this.#reach = 'open'
  }

  lineOpened(line: number): void {
    this.#line = line
  }

  /** All numbers below `upTo` that were not dropped are at the gateway. */
  taken(upTo: number): void {
    this.#cut(0, upTo)
    this.#nowKnown(upTo)
  }

  dropped(range: Range): void {
    const { from, to, fate } = range
    const pieces = this.#cut(from, to)
    if (pieces.length > 0) {
      this.#lose(pieces, fate)
      this.#loseWaiting()
    }
    this.#dropped.push(range)
    this.#nowKnown(this.#known)
  }

  /** A direct line opened. What waited since before the first one goes out. */
  openedDirect(): void {
    this.#tellBefore(null)
    this.#lose(this.#sent.splice(0), 'unknown')
    this.#nowKnown(this.#next)
    this.#session = null
    this.#window = Number.POSITIVE_INFINITY
    this.#reach = 'open'
  }

  /** The machine behind a direct line said something, so it lives. */
  heardDirect(): void {
    if (this.#session === null) this.taken(this.#next)
  }

  /** The connection is gone, and another may follow. */
  closed(): void {
    if (this.#session !== null && (this.#reach === 'open' || this.#reach === 'held')) this.#reach = 'away'
    else if (this.#reach !== 'away') {
      this.#reach = 'broken'
      this.#loseWaiting()
      if (this.#session === null) this.#loseSent()
    }
  }

  /** The connection was away for `RESEND_MS`. */
  expired(): void {
    if (this.#reach !== 'away') return
    this.#reach = 'broken'
    this.#loseWaiting()
  }

  /** The console ended, and nobody will tell the fate of what is under way. */
  ended(): void {
    this.#loseSent()
    this.#loseWaiting()
    this.#reach = 'early'
  }

  /** Takes what was lost out of the ledger. @returns the bytes, to be typed again or forgotten */
  takeLost(): Bytes {
    return this.#lost.take()
  }

  /** The fate of what the page load before this one typed. */
  #tellBefore(state: StreamState | null): void {
    const before = this.#before
    if (!before) return
    this.#before = null
    if (state === null) return this.#lost.addTextless(0, before.sent - before.known)
    let notSent = Math.max(0, before.sent - state.next)
    let unknown = state.next - Math.max(state.proved, before.known)
    for (const { from, to, fate } of state.dropped) {
      unknown -= Math.max(0, to - Math.max(from, state.proved))
      if (fate === 'unknown') unknown += to - from
      else notSent += to - from
    }
    this.#lost.addTextless(notSent, Math.max(0, unknown))
  }

  #loseWaiting(): void {
    this.#lose(this.#waiting.splice(0), 'never-sent')
  }

  #loseSent(): void {
    this.#lose(this.#sent.splice(0), 'unknown')
    this.#nowKnown(this.#next)
  }

  #lose(pieces: readonly Piece[], fate: Fate): void {
    if (pieces.length === 0) return
    this.#losses += 1
    this.#lost.add(pieces.flatMap(({ at, bytes, owner }) => (owner ? [] : [{ at, bytes, fate }])))
    for (const { at, owner } of pieces) owner?.onLost(at - owner.at, fate)
  }

  /** Takes the numbers `from..to` out of what was sent. */
  #cut(from: number, to: number): Piece[] {
    const taken: Piece[] = []
    this.#sent = this.#sent.flatMap((piece) => {
      const start = Math.max(0, from - piece.from)
      const end = Math.min(piece.bytes.length, to - piece.from)
      if (start >= end) return [piece]
      taken.push(part(piece, start, end))
      return [part(piece, 0, start), part(piece, end)].filter(({ bytes }) => bytes.length > 0)
    })
    return taken
  }

  #nowKnown(upTo: number): void {
    this.#known = Math.max(this.#known, upTo)
    for (const { from, to } of this.#dropped.sort((a, b) => a.from - b.from)) {
      if (from <= this.#known) this.#known = Math.max(this.#known, to)
    }
    this.#dropped = this.#dropped.filter(({ to }) => to > this.#known)
  }
}

const part = (piece: Piece, start: number, end?: number): Piece => ({
  ...piece,
  at: piece.at + start,
  from: piece.from + start,
  bytes: piece.bytes.slice(start, end),
})
