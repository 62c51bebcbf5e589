import type { Clock } from '../../../shared/clock.ts'
import type { LogMark } from '../../../shared/line-log.ts'
import type { LineStore, LineTail, LineWriter } from '../store/store.ts'
import { LineMask } from './line-mask.ts'
import type { Masks } from './masks.ts'
import { WaitingMask } from './waiting-mask.ts'

/** A store that never sees what is masked, so nothing that reads it can show it. */
export function maskedStore(store: LineStore, masks: Masks, clock: Clock): LineStore {
  return {
    open: async (line, left) =>
      new MaskedWriter(await store.open(line, left && maskedTail(left, masks)), masks, clock),
    tail: (serverId, most) => store.tail(serverId, most),
    lines: () => store.lines(),
    reader: (serverId) => store.reader(serverId),
    close: () => store.close(),
  }
}

function maskedTail(tail: LineTail, masks: Masks): LineTail {
  const mask = new LineMask(masks)
  return { ...tail, bytes: Buffer.concat([mask.push(tail.bytes), mask.flush()]) }
}

class MaskedWriter implements LineWriter {
  readonly #writer: LineWriter
  readonly #mask: WaitingMask
  /** When the newest byte came */
  #time = 0

  constructor(writer: LineWriter, masks: Masks, clock: Clock) {
    this.#writer = writer
    this.#mask = new WaitingMask(masks, clock, (bytes) => writer.append(bytes, this.#time))
  }

  get end(): number {
    return this.#writer.end + this.#mask.held
  }

  get lost(): number {
    return this.#writer.lost
  }

  get losing(): LineWriter['losing'] {
    return this.#writer.losing
  }

  append(bytes: Buffer, time: number): void {
    this.#time = time
    this.#mask.push(bytes)
  }

  mark(mark: LogMark, time: number): void {
    // The mark's place is behind what waits.
    this.#mask.flush()
    this.#writer.mark(mark, time)
  }

  close(): void {
    this.#mask.flush()
    this.#writer.close()
  }
}
