import type { HeardStretch } from '../../shared/heard-times.ts'
import { MAX_STRETCHES } from '../../shared/relay-protocol.ts'
import type { LineLog, Place } from '../line-log/line-log.ts'
import type { ViewerPort } from './viewer-port.ts'

/** A viewer gets no more while this many bytes wait in its socket. */
const HIGH_WATER = 1024 * 1024
const PIECE = 64 * 1024

/**
 * How far one viewer is in the stream. It gets more as it acknowledges, so that neither its memory nor ours fills. It
 * skips what the ring no longer keeps, and is told how much as a gap.
 */
export class ViewerCursor {
  #position: number
  #sentBytes = 0
  #acknowledged: number
  /** The number of the first seam that it was not told of */
  #seam: number
  /** All before this offset is history, which the terminal must not answer; null once the viewer is live. */
  #liveAt: number | null
  /** It was told of the stretches of times that begin before this offset. Infinity: it does not know times. */
  #timesTold: number

  constructor(
    readonly port: ViewerPort,
    readonly log: Pick<LineLog, 'ring' | 'seams' | 'window' | 'times' | 'wall'>,
    { from, seam }: Place,
    knowsTimes = false,
  ) {
    this.#position = Math.max(from, log.ring.start)
    this.#acknowledged = this.#position
    this.#seam = seam
    this.#liveAt = log.ring.end
    // The connection before this one may have been cut between the newest bytes and their time.
    const known = log.times.stretchAt(this.#position - 1)?.at ?? 0
    this.#timesTold = knowsTimes ? known : Number.POSITIVE_INFINITY
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
    const { ring, seams } = this.log
    const atEnd = this.#position === ring.end - chunk.length
    if (atEnd && this.#liveAt === null && this.#seam >= seams.end && this.#mayGo()) {
      this.#send(chunk)
      this.#tellTimes()
    } else {
      this.pump()
    }
  }

  /** Sends as much as the viewer's credit allows. */
  pump(): void {
    const { port } = this
    const { ring } = this.log
    while (true) {
      if (this.#liveAt !== null && this.#position >= this.#liveAt) {
        this.#liveAt = null
        port.notify({ type: 'live' })
      }
      const stop = this.#nextStop()
      if (this.#position === ring.end || !this.#mayGo()) return this.#tellTimes()
      // Told only now that the viewer has credit, so that one gap covers all that it missed.
      if (this.#position < ring.start) {
        const lostBytes = ring.start - this.#position
        this.#position += lostBytes
        this.#acknowledged += lostBytes
        port.notify({ type: 'gap', lostBytes })
        continue
      }
      this.#send(ring.read(this.#position, Math.min(PIECE, stop - this.#position)))
    }
  }

  #mayGo(): boolean {
    return this.#position - this.#acknowledged < this.log.window && this.port.bufferedBytes < HIGH_WATER
  }

  /** Announces the seams at this place. @returns the offset at which the next message must come between the bytes */
  #nextStop(): number {
    const { seams, ring } = this.log
    const stop = this.#liveAt ?? ring.end
    for (let due = seams.from(this.#seam); due; due = seams.from(this.#seam)) {
      const { at, why, awayMs } = due.seam
      if (at > this.#position) return Math.min(stop, at)
      this.#seam = due.next
      if (at === this.#position) this.port.notify({ type: 'seam', why, awayMs })
    }
    return stop
  }

  /**
   * Tells when the bytes were heard that went out. It comes after them: no key waits for it. Called for every piece of
   * output, but there is something to tell ten times a second at most.
   */
  #tellTimes(): void {
    const { times, wall } = this.log
    while (times.newest >= this.#timesTold) {
      const stretches = times.between(this.#timesTold, this.#position, MAX_STRETCHES)
      const last = stretches.at(-1)
      if (!last) return
      this.#timesTold = last.at + 1
      this.port.notify({ type: 'times', now: wall.now(), stretches: differences(stretches) })
    }
  }

  #send(bytes: Buffer): void {
    this.#position += bytes.length
    this.#sentBytes += bytes.length
    this.port.send(bytes, this.#sent)
  }

  /** The socket has room again. Called for every piece, so it does little. */
  readonly #sent = () => {
    if (this.#position < this.log.ring.end) this.pump()
  }
}

/** Differences have fewer digits. */
function differences(stretches: readonly HeardStretch[]): [number, number][] {
  let before: HeardStretch = { at: 0, time: 0 }
  return stretches.map((stretch) => {
    const { at, time } = before
    before = stretch
    return [stretch.at - at, stretch.time - time]
  })
}
