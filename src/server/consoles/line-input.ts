import { INPUT_WINDOW, type Proof, type WhyDropped } from '../../shared/relay-protocol.ts'
import type { InputStream } from './input-stream.ts'

/** So many bytes may be in the gateway's socket without having left this process. The rest waits here. */
const MOST_UNWRITTEN = 4 * 1024
/** So much may wait here in all: each page load has a window of its own, and a tab can be reloaded again and again. */
const MOST_WAITING = 4 * INPUT_WINDOW
/** Short pieces that wait are joined up to this size: a buffer for each key would take far more memory than its bytes. */
const PIECE = 1024
/** A terminal's answers wait up to this size. The machine asked for them and does not read them. */
const MOST_ANSWERS = 4 * 1024

interface Piece {
  client: string
  /** null: a terminal's answer, which has no number */
  stream: InputStream | null
  from: number
  bytes: Buffer
}

/** Bytes that the gateway's socket has, and nothing shows yet that the gateway has read them. */
interface Handed {
  stream: InputStream | null
  from: number
  to: number
  /** How many bytes had been handed over on this connection after these */
  end: number
  /** What was handed over next */
  next: Handed | null
}

export interface LineInputOptions {
  /** Hands bytes to the gateway's socket. */
  send(bytes: Buffer): void
  /** A person's bytes go to the gateway. */
  onHanded(bytes: Buffer, client: string): void
}

/**
 * What waits for the gateway. Little of it is in the socket, since nothing can be taken back from there. So when the
 * keyboard moves, the old writer's bytes come back to it, and when the line is lost it is known which bytes never left.
 */
export class LineInput {
  readonly #options: LineInputOptions
  #line: 'down' | 'opening' | 'open' | 'gone' = 'down'
  #queue: Piece[] = []
  /** Bytes in the queue, and the terminals' answers among them */
  #waiting = 0
  #answers = 0
  /** A chain, since an array keeps the room of what was in it, and most lines wait for nothing. */
  #firstHanded: Handed | null = null
  #lastHanded: Handed | null = null
  /** Counts of this connection, in bytes */
  #handedCount = 0
  #writtenCount = 0

  constructor(options: LineInputOptions) {
    this.#options = options
  }

  /** A person typed. @param refused why it goes nowhere; null: it goes to the machine */
  type(stream: InputStream, bytes: Buffer, refused: WhyDropped | null): void {
    const from = stream.add(bytes.length)
    const full = this.#waiting + bytes.length > MOST_WAITING
    const why = refused ?? (this.#line === 'down' || full ? 'line-down' : null)
    if (why !== null) return stream.drop({ from, to: from + bytes.length, why, fate: 'never-sent' })
    this.#add({ client: stream.client, stream, from, bytes })
  }

  /** The writer's terminal answers the machine. */
  answer(client: string, bytes: Buffer): void {
    if (this.#line !== 'open' || this.#answers + bytes.length > MOST_ANSWERS) return
    this.#answers += bytes.length
    this.#add({ client, stream: null, from: 0, bytes })
  }

  /** Another writer comes: what others have typed and has not left goes back to them. null: there is no writer */
  keep(client: string | null): void {
    const others = this.#queue.filter((piece) => piece.client !== client)
    if (others.length === 0) return
    this.#queue = this.#queue.filter((piece) => piece.client === client)
    for (const piece of others) this.#giveBack(piece, 'not-writer')
  }

  opening(): void {
    this.#lose()
    this.#line = 'opening'
  }

  opened(): void {
    this.#line = 'open'
    this.#handedCount = 0
    this.#writtenCount = 0
    this.#flush()
  }

  /** The connection is gone. What comes until the line counts as lost stays here, and so never leaves. */
  gone(): void {
    if (this.#line === 'open') this.#line = 'gone'
  }

  /** The line is lost, or its session ends. */
  lost(): void {
    this.#lose()
    this.#line = 'down'
  }

  /** All but the last bytes have left this process. @param count how many have, on this connection */
  written(count: number): void {
    this.#writtenCount = count
    this.#flush()
  }

  /** @param count the gateway has so many of the bytes of this connection */
  proved(count: number, proof: Proof): void {
    while (true) {
      const first = this.#firstHanded
      if (!first) return
      const to = Math.min(first.to, first.to - (first.end - count))
      if (to <= first.from) return
      first.stream?.take(first.from, to, proof)
      first.from = to
      if (to < first.to) return
      this.#firstHanded = first.next
      if (!first.next) this.#lastHanded = null
      // What is gone keeps nothing: once one of a chain is old, V8 would let all that follow it grow old, too.
      first.next = null
    }
  }

  /** Whether all that was typed has its fate. */
  get settled(): boolean {
    return this.#queue.length === 0 && this.#firstHanded === null
  }

  #add(piece: Piece): void {
    this.#waiting += piece.bytes.length
    // As a rule a key waits for nothing.
    if (this.#queue.length === 0 && this.#line === 'open' && piece.bytes.length <= this.#room) {
      return this.#hand(piece)
    }
    const last = this.#queue.at(-1)
    if (last && follows(piece, last) && last.bytes.length + piece.bytes.length <= PIECE) {
      last.bytes = Buffer.concat([last.bytes, piece.bytes])
    } else {
      this.#queue.push(piece)
    }
    this.#flush()
  }

  get #room(): number {
    return MOST_UNWRITTEN - (this.#handedCount - this.#writtenCount)
  }

  #flush(): void {
    while (this.#line === 'open') {
      const [piece] = this.#queue
      const room = this.#room
      if (!piece || room <= 0) return
      if (piece.bytes.length <= room) {
        this.#queue.shift()
        this.#hand(piece)
      } else {
        const head = { ...piece, bytes: piece.bytes.subarray(0, room) }
        piece.from += room
        piece.bytes = piece.bytes.subarray(room)
        this.#hand(head)
      }
    }
  }

  #hand({ stream, from, bytes }: Piece): void {
    const { length } = bytes
    this.#waiting -= length
    this.#handedCount += length
    const last = this.#lastHanded
    if (last && last.stream === stream && (stream === null || last.to === from)) {
      last.to += length
      last.end += length
    } else {
      const handed = { stream, from, to: from + length, end: this.#handedCount, next: null }
      this.#lastHanded = handed
      if (last) last.next = handed
      else this.#firstHanded = handed
    }
    if (stream === null) {
      this.#answers -= length
    } else {
      this.#options.onHanded(bytes, stream.client)
    }
    this.#options.send(bytes)
  }

  /** The connection is gone: all that is here gets its fate. */
  #lose(): void {
    const [handed, queue] = [this.#firstHanded, this.#queue]
    this.#firstHanded = null
    this.#lastHanded = null
    this.#queue = []
    for (let each = handed; each; each = each.next) {
      const { stream, from, to } = each
      stream?.drop({ from, to, why: 'line-lost', fate: 'unknown' })
    }
    const why = this.#line === 'open' || this.#line === 'gone' ? 'line-lost' : 'line-down'
    for (const piece of queue) this.#giveBack(piece, why)
  }

  #giveBack({ stream, from, bytes }: Piece, why: WhyDropped): void {
    this.#waiting -= bytes.length
    if (stream) stream.drop({ from, to: from + bytes.length, why, fate: 'never-sent' })
    else this.#answers -= bytes.length
  }
}

/** Whether a piece goes on where the last one ends. */
function follows(piece: Piece, last: Piece): boolean {
  if (piece.stream === null) return last.stream === null && last.client === piece.client
  return last.stream === piece.stream && last.from + last.bytes.length === piece.from
}
