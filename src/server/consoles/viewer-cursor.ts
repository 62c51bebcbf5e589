import type { RingBuffer } from './ring-buffer.ts'
import type { ViewerPort } from './viewer-port.ts'

/** A viewer gets no more while this many bytes wait in its socket. */
const HIGH_WATER = 1024 * 1024
const PIECE = 64 * 1024

/** A place in the stream where the line was away for a while. */
export interface Seam {
  at: number
  awayMs: number
}

/**
 * How far one viewer is in the stream. It gets more as it acknowledges, so that neither its memory nor ours fills. It
 * skips what the ring no longer keeps, and is told how much as a gap.
 */
export class ViewerCursor {
  #position: number
  #sentBytes = 0
  #acknowledged: number
  /** All before this offset is history, which the terminal must not answer; null once the viewer is live. */
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
    // An offset beyond the end belongs to another session's stream.
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

  /** All bytes sent so far, without those skipped. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  ack(offset: number): void {
    // An `ack` beyond what was sent would open the window for ever.
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(offset, this.#position))
    this.pump()
  }

  /** New bytes, which are already in the ring. A viewer at the end gets the `chunk` itself, which saves a copy. */
  follow(chunk: Buffer): void {
    const atEnd = this.#position === this.ring.end - chunk.length
    const seam = this.seams.at(-1)
    if (atEnd && this.#liveAt === null && this.#mayGo() && !(seam && seam.at >= this.#position)) {
      this.#send(chunk)
    } else {
      this.pump()
    }
  }

  /** Sends as much as the viewer's credit allows. */
  pump(): void {
    const { port, ring } = this
    while (true) {
      if (this.#liveAt !== null && this.#position >= this.#liveAt) {
        this.#liveAt = null
        port.notify({ type: 'live' })
      }
      if (this.#position === ring.end || !this.#mayGo()) return
      // Told only now that the viewer has credit, so that one gap covers all that it missed.
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

  /** Announces a seam at this place. @returns the offset at which the next message must come between the bytes */
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

  /** The socket has room again. Called for every piece, so it does little. */
  readonly #sent = () => {
    if (this.#position < this.ring.end) this.pump()
  }
}
