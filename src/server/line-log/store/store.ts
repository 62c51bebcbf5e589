import type { HeardStretch } from '../../../shared/heard-times.ts'
import type { LogMark } from '../../../shared/line-log.ts'
import type { ProjectRef } from '../../../shared/server.ts'

/** The server that has the serial port. Its id names the line. */
export interface LineRef {
  server: { id: string; name: string }
  project: ProjectRef | null
}

/** A mark's place, and its time in epoch ms. A gap's place is that of its first lost byte. */
export interface PlacedMark {
  at: number
  time: number
  mark: LogMark
}

/** A stretch of a line's log: the offsets from the first up to the second, and without that. */
export interface Stretch {
  from: number
  to: number
}

/**
 * Takes what one line says. A line has one writer at a time. Nothing here throws or waits: bytes that cannot be kept
 * become a gap.
 */
export interface LineWriter {
  /** The offset of the next byte */
  readonly end: number
  /** How many bytes became gaps since it was opened */
  readonly lost: number
  /** What comes now becomes a gap, too. `code`: what the disk said; null: it is too slow. */
  readonly losing: { code: string | null } | null
  /** It may keep the buffer, so nobody may change it afterwards. @param time epoch ms */
  append(bytes: Buffer, time: number): void
  mark(mark: LogMark, time: number): void
  /** Another writer can be opened after this. */
  close(): void
}

/** Reads one line's log for those who ask, with what is not on disk yet. It stays usable while the line is written. */
export interface LogReader {
  readonly line: LineRef
  /** Names those who have parts of it, if there are several. It changes when one comes or goes. */
  readonly parts?: string
  /** Another replica may have a part of it, and does not answer. */
  readonly away?: boolean
  /** The oldest offset that is kept. It grows when old bytes go. */
  readonly start: number
  /** The offset after the newest byte */
  readonly end: number
  /**
   * Reads from this offset, or from the next byte that is kept: then `at` is larger than `from`.
   * @returns at least one byte if any is kept from there on, and at most `most`; none, with `at` at the end, if not
   */
  read(from: number, most: number): Promise<{ at: number; bytes: Buffer }>
  /** Marks at offsets from `from` up to and including `to`, in order */
  marks(from: number, to: number): Promise<PlacedMark[]>
  /** When the byte was received, in epoch ms, to about a second. 0: nothing is kept. */
  timeOf(offset: number): Promise<number>
  /**
   * The first byte that was received at or after this time, or one that came up to a second before it. None is left
   * out. The end if there is none.
   */
  offsetOf(time: number): Promise<number>
  /** What is kept, in order and apart */
  stretches(): readonly Stretch[]
  /** Files that hold whole parts of the stretches, oldest first. What is not in them, only `read` has. */
  files(): Promise<{ path: string; from: number; bytes: number }[]>
  /** Calls `told` whenever the line says more or gets a mark. @returns ends it */
  follow(told: () => void): () => void
}

/** Reads what one store has of a line. */
export interface LineReader extends LogReader {
  /** When the bytes from `from` up to `to` were received, to about a second each. The first is that of `from`. */
  times(from: number, to: number): Promise<HeardStretch[]>
}

/** Reads what recordings hold, and what the log has of the same line. */
export type HeldReader = Pick<LineReader, 'end' | 'read' | 'marks' | 'timeOf'>

/** What `tail` knows of a line. */
export interface LineTail {
  from: number
  bytes: Buffer
  marks: PlacedMark[]
  times: HeardStretch[]
  /** When the newest byte came, epoch ms */
  lastAt: number
}

/** The logs of all lines. One process writes them. */
export interface LineStore {
  /**
   * Opens a line for writing. The line goes on at the offset where it ended.
   * @param left the end of what other processes kept of it. What is lacking here is taken in, with a gap where nobody has
   * it, and the line goes on behind that.
   */
  open(line: LineRef, left?: LineTail | null): Promise<LineWriter>
  /**
   * The newest bytes without a gap among them, for a session that begins.
   * @returns null if nothing was kept
   */
  tail(serverId: string, most: number): Promise<LineTail | null>
  lines(): readonly LineRef[]
  /** @returns null if nothing is known of the line */
  reader(serverId: string): LineReader | null
  /** Keeps what came until now. */
  close(): Promise<void>
}

/** A store that keeps what recordings hold for as long as they hold it. */
export interface HoldingStore extends LineStore {
  /** Names it for good: places count in no other store. */
  readonly id: string
  /** @param heldOf is asked when something of a line goes. Its stretches are in order, and apart. */
  hold(heldOf: (serverId: string) => readonly Stretch[]): void
  /** @returns null if nothing is known of the line */
  heldReader(serverId: string): HeldReader | null
  /** What came until now is on disk when this resolves, if the disk takes it. */
  flush(): Promise<void>
  /** Takes away what the limits do not allow and nobody holds. */
  sweep(): Promise<void>
}
