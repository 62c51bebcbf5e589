import { type Clock, steadyClock } from '../../../shared/clock.ts'
import { WriteBudget } from './write-budget.ts'
import { sliceOf } from './write-cost.ts'

/** One piece of output on its way to the terminal. */
export interface Output {
  text: string
  /** The text is replayed history, which the terminal must not answer. */
  muted: boolean
  /** Called when there is room for more: at once, or when enough of the queue has been parsed. */
  taken: () => void
}

/** An action with a place in the stream: all before it has been parsed, and nothing after it. */
type Action = (done: () => void) => void

type Queued = { kind: 'text'; text: string; muted: boolean } | { kind: 'action'; run: Action }

export interface Write {
  /** One text in pieces, at least one. The terminal has to parse them in one go. */
  pieces: readonly string[]
  muted: boolean
  /** Called right before the terminal parses it */
  begun: () => void
  /** Called right after */
  done: () => void
}

type Sink = (write: Write) => void

/** More is asked for only below this much, in the queue and in the terminal. It bounds the page's memory. */
const WELCOME = 4 * 1024 * 1024
/**
 * So many writes may wait inside the terminal: it never waits for us, and what is learnt from one write soon counts. It
 * throws output away above 50 MB (xterm.js 6, WriteBuffer).
 */
const IN_FLIGHT = 2
/** Above this rate the output is a flood, which nobody can read. A serial line has a hundredth of it. */
const FLOOD_PER_WINDOW = 128 * 1024
const WINDOW_MS = 50
/**
 * In a flood this much is gathered before it is written. A browser hands over a socket's bytes in small pieces, and the
 * terminal draws after each write. Piece by piece, most of the time would go into frames that nobody sees.
 */
const GATHERED = 1024 * 1024
const GATHER_MS = 50
/** Pieces below this are joined. Above it, fresh memory for the whole costs more than a call for each. */
const JOINED = 32 * 1024

/**
 * Stands between the line and the terminal. Output that comes faster than the terminal parses it waits here, in order,
 * and small pieces are joined into few writes. Nothing is ever dropped. While the terminal keeps up, each piece passes
 * at once.
 */
export class WritePump {
  readonly #sink: Sink
  readonly #clock: Clock
  readonly #budget = new WriteBudget()
  #queue: Queued[] = []
  /** Characters in the queue, and in the terminal. */
  #waiting = 0
  #parsing = 0
  /** Writes in the terminal. */
  #inFlight = 0
  #acting = false
  /** The `taken` callbacks that wait for room, in order. */
  #deferred: (() => void)[] = []
  #windowBegan = 0
  #windowBytes = 0
  #flooding = false
  /** The terminal waits until more has come, or until `GATHER_MS` are over. */
  #gathering = false

  constructor(sink: Sink, clock: Clock = steadyClock) {
    this.#sink = sink
    this.#clock = clock
  }

  push({ text, muted, taken }: Output): void {
    this.#queue.push({ kind: 'text', text, muted })
    this.#waiting += text.length
    this.#measure(text.length)
    if (this.#deferred.length === 0 && this.#hasRoom) taken()
    else this.#deferred.push(taken)
    this.#pump()
  }

  act(run: Action): void {
    this.#queue.push({ kind: 'action', run })
    this.#pump()
  }

  #measure(bytes: number): void {
    const now = this.#clock.now()
    if (now - this.#windowBegan >= WINDOW_MS) {
      this.#flooding = this.#windowBytes > FLOOD_PER_WINDOW && now - this.#windowBegan < 2 * WINDOW_MS
      this.#windowBegan = now
      this.#windowBytes = 0
    }
    this.#windowBytes += bytes
  }

  #pump(): void {
    if (this.#flooding && this.#waiting < GATHERED) this.#gather()
    else this.#writeAll()
  }

  #gather(): void {
    if (this.#gathering || this.#queue.length === 0) return
    this.#gathering = true
    this.#clock.after(GATHER_MS, () => {
      this.#gathering = false
      this.#writeAll()
    })
  }

  get #hasRoom(): boolean {
    return this.#waiting + this.#parsing <= WELCOME
  }

  #writeAll(): void {
    while (!this.#acting && this.#inFlight < IN_FLIGHT) {
      const [first] = this.#queue
      if (!first || (first.kind === 'action' && this.#inFlight > 0)) return
      if (first.kind === 'text') this.#writeText(first.muted)
      else this.#run(first.run)
    }
  }

  #writeText(muted: boolean): void {
    const pieces: string[] = []
    const budget = this.#budget.units
    let length = 0
    let left = budget
    let taken = 0
    for (const next of this.#queue) {
      if (next.kind !== 'text' || next.muted !== muted) break
      const { end, cost } = sliceOf(next.text, left)
      if (pieces.length > 0 && cost > left) break
      addPiece(pieces, next.text.slice(0, end))
      length += end
      left -= cost
      if (end < next.text.length) {
        next.text = next.text.slice(end)
        break
      }
      taken += 1
    }
    this.#queue.splice(0, taken)
    this.#waiting -= length
    this.#parsing += length
    this.#inFlight += 1
    let begunAt = this.#clock.now()
    this.#sink({
      pieces,
      muted,
      begun: () => {
        begunAt = this.#clock.now()
      },
      done: () => {
        this.#budget.took(budget - left, this.#clock.now() - begunAt)
        this.#parsing -= length
        this.#inFlight -= 1
        this.#goOn()
      },
    })
  }

  #run(action: Action): void {
    this.#queue.shift()
    this.#acting = true
    action(() => {
      this.#acting = false
      this.#goOn()
    })
  }

  #goOn(): void {
    this.#pump()
    if (this.#hasRoom) for (const taken of this.#deferred.splice(0)) taken()
  }
}

function addPiece(pieces: string[], piece: string): void {
  const last = pieces.pop()
  if (last === undefined) pieces.push(piece)
  else if (last.length + piece.length <= JOINED) pieces.push(last + piece)
  else pieces.push(last, piece)
}
