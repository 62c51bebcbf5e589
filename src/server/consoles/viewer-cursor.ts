import type { RelayMessage } from '../../shared/relay-protocol.ts'
import type { RingBuffer } from './ring-buffer.ts'

/** Bytes waiting in a viewer's socket above which it is not given more. */
const HIGH_WATER = 1024 * 1024
const PIECE = 64 * 1024

/** What the session needs of a viewer's connection. */
export interface ViewerPort {
  /** @param sent called when the bytes have left this process */
  send(bytes: Buffer, sent: () => void): void
  notify(message: RelayMessage): void
  readonly bufferedBytes: number
  /** Whether what the viewer types is read. */
  pause(): void
  resume(): void
  close(): void
}

/** A place in the stream where the line was away. */
export interface Seam {
  at: number
  awayMs: number
}

/**
 * How far one viewer is in the stream, and how much further it may be brought: by credit, so that neither its
 * memory nor ours fills, and past what the ring no longer keeps, which is told as a gap.
 */
export class ViewerCursor {
  #position: number
  #sentBytes = 0
  #acknowledged: number
  /** Up to here it is history, to which the terminal must not answer; null once the viewer is live. */
  #liveAt: number | null

  /**
   * @param wanted the offset that the viewer asked for, null for all that is kept
   * @param window how many bytes a viewer may be ahead of its last `ack`
   */
  constructor(
    readonly port: ViewerPort,
    readonly ring: RingBuffer,
    readonly seams: readonly Seam[],
    readonly window: number,
    wanted: number | null,
  ) {
    // An offset from the future is of another session's stream.
    const from = wanted === null || wanted > ring.end ? ring.start : Math.max(wanted, ring.start)
    this.#position = from
    this.#acknowledged = from
    this.#liveAt = ring.end
  }

  get position(): number {
    return this.#position
  }

  /** The first byte that the viewer has not yet taken in. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** In all; what was skipped is not among them. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  ack(offset: number): void {
    // An ack beyond what was sent would open the window for ever.
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(offset, this.#position))
    this.pump()
  }

  /** New bytes, already in the ring; `chunk` is the same bytes, so that a viewer at the end needs no copy. */
  follow(chunk: Buffer): void {
    const atEnd = this.#position === this.ring.end - chunk.length
    const seam = this.seams.at(-1)
    if (atEnd && this.#liveAt === null && this.#mayGo() && !(seam && seam.at >= this.#position)) {
      this.#send(chunk)
    } else {
      this.pump()
    }
  }

  /** Brings the viewer on as far as its credit goes. */
  pump(): void {
    const { port, ring } = this
    while (true) {
      if (this.#liveAt !== null && this.#position >= this.#liveAt) {
        this.#liveAt = null
        port.notify({ type: 'live' })
      }
      if (this.#position === ring.end || !this.#mayGo()) return
      // Only now that it may go on: told once, however much passed meanwhile.
      if (this.#position < ring.start) {
        const lostBytes = ring.start - this.#position
        this.#position += lostBytes
        this.#acknowledged += lostBytes
        port.notify({ type: 'gap', lostBytes })
        continue
      }
      const stop = this.#nextStop()
      this.#send(ring.read(this.#position, Math.min(PIECE, stop - this.#position)))
    }
  }

  #mayGo(): boolean {
    return this.#position - this.#acknowledged < this.window && this.port.bufferedBytes < HIGH_WATER
  }

  /** Tells of a seam that begins here. @returns where the next message has to come between the bytes */
  #nextStop(): number {
    let stop = this.#liveAt ?? this.ring.end
    for (const { at, awayMs } of this.seams) {
      if (at === this.#position) this.port.notify({ type: 'seam', awayMs })
      else if (at > this.#position) stop = Math.min(stop, at)
    }
    return stop
  }

  #send(bytes: Buffer): void {
    this.#position += bytes.length
    this.#sentBytes += bytes.length
    this.port.send(bytes, this.#sent)
  }

  /** The socket has room again; cheap, since it comes with every piece. */
  readonly #sent = () => {
    if (this.#position < this.ring.end) this.pump()
  }
}
