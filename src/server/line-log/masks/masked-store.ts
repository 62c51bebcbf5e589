import type { Clock } from '../../../shared/clock.ts'
import type { LogMark } from '../../../shared/line-log.ts'
import type { LineRef, LineStore, LineWriter } from '../store/store.ts'
import { LineMask } from './line-mask.ts'
import type { Masks } from './masks.ts'

/** An unfinished line waits no longer, ms. A prompt has no end, and a line that died in the middle of a word neither. */
const WAIT_MS = 1000

/** A store that never sees what is masked, so nothing that reads it can show it. */
export function maskedStore(store: LineStore, masks: Masks, clock: Clock): LineStore {
  return {
    open: async (line: LineRef) => new MaskedWriter(await store.open(line), new LineMask(masks), clock),
    tail: (serverId, most) => store.tail(serverId, most),
    lines: () => store.lines(),
    reader: (serverId) => store.reader(serverId),
    close: () => store.close(),
  }
}

class MaskedWriter implements LineWriter {
  readonly #writer: LineWriter
  readonly #mask: LineMask
  readonly #clock: Clock
  /** When the newest byte came */
  #time = 0
  #cancelFlush: (() => void) | null = null

  constructor(writer: LineWriter, mask: LineMask, clock: Clock) {
    this.#writer = writer
    this.#mask = mask
    this.#clock = clock
  }

  get end(): number {
    return this.#writer.end + this.#mask.held
  }

  append(bytes: Buffer, time: number): void {
    this.#time = time
    this.#write(this.#mask.push(bytes))
    if (this.#mask.held > 0) this.#cancelFlush ??= this.#clock.after(WAIT_MS, () => this.#flush())
  }

  mark(mark: LogMark, time: number): void {
    // The mark's place is behind what waits.
    this.#flush()
    this.#writer.mark(mark, time)
  }

  close(): void {
    this.#flush()
    this.#writer.close()
  }

  #flush(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = null
    this.#write(this.#mask.flush())
  }

  #write(bytes: Buffer): void {
    if (bytes.length > 0) this.#writer.append(bytes, this.#time)
  }
}
