import type { Flusher } from './flusher.ts'
import { isHeld } from './held.ts'
import { dropOldest } from './retention.ts'
import type { Stretch } from './store.ts'
import type { StoredLine } from './stored-line.ts'

/** Takes segments away, and keeps what recordings hold of them. */
export class LettingGo {
  /** What is held of a line. null: nobody has said it yet, e.g. while recordings are off. */
  heldOf: ((serverId: string) => readonly Stretch[]) | null = null
  readonly #flusher: Flusher
  readonly #keeps: 'all' | 'held'
  readonly #recorded: boolean

  /**
   * @param keeps `held`: nothing else is kept.
   * @param recorded nothing goes before it is known what is held.
   */
  constructor(flusher: Flusher, keeps: 'all' | 'held', recorded: boolean) {
    this.#flusher = flusher
    this.#keeps = keeps
    this.#recorded = recorded
  }

  get #mustWait(): boolean {
    return this.#recorded && this.heldOf === null
  }

  /** Takes the oldest segment of a log. What is held of it stays. @returns how much less the log has */
  async drop(line: StoredLine): Promise<number> {
    return this.#mustWait ? 0 : (await this.#dropOldest(line, true)).gone
  }

  /**
   * Makes room on a full disk. What is there twice goes first, then the oldest history.
   * @returns how many bytes of history went
   */
  async makeRoom(lines: readonly StoredLine[], bytes: number): Promise<number> {
    let free = await this.#flusher.freeJournals(false)
    const gone = free < bytes ? await dropOldest(lines, bytes - free, (line) => this.#dropForRoom(line)) : 0
    free += gone
    // Little history is left, so journals fill the disk.
    if (free < bytes) free += await this.#flusher.freeJournals(true)
    if (free > 0) this.#flusher.tryAgain()
    return gone
  }

  /** Takes the oldest segment of a log without a copy. @returns how much less the disk has */
  async #dropForRoom(line: StoredLine): Promise<number> {
    if (this.#mustWait) return 0
    const held = this.#heldOf(line)
    // What is held stays in the log where it is, unless something behind it can go.
    if (line.segments.list.every((segment) => segment.bytes === 0 || isHeld(segment, held))) return 0
    for (;;) {
      const { gone, free } = await this.#dropOldest(line, false)
      if (gone === 0 || free > 0) return free
    }
  }

  /** Takes what nobody holds any more. */
  async release(line: StoredLine): Promise<void> {
    if (this.heldOf === null) return
    const held = this.#heldOf(line)
    await line.held.release(held)
    if (this.#keeps !== 'held') return
    const waits = !line.writing && !line.backlog.empty
    // What nobody holds must not stay in memory, from where it would come to the disk later.
    if (waits && held.every(({ to }) => to <= line.backlog.start)) await this.#flusher.drainLine(line)
    for (const segment of line.segments.list.slice(0, -1))
      if (!isHeld(segment, held)) await line.segments.remove(segment)
    // The newest segment of a line that is written says where it goes on.
    const [last, ...others] = line.segments.list
    if (!last || others.length > 0 || isHeld(last, held)) return
    if (line.writing || !line.backlog.empty || this.#flusher.isBusy(line)) return
    await this.#flusher.alone(line, () => line.segments.remove(last))
  }

  #dropOldest(line: StoredLine, copy: boolean): Promise<{ gone: number; free: number }> {
    const drop = () => line.held.takeOldest(line.segments, this.#heldOf(line), copy)
    if (line.segments.list.length > 1) return drop()
    return this.#flusher.isBusy(line)
      ? Promise.resolve({ gone: 0, free: 0 })
      : this.#flusher.alone(line, drop)
  }

  #heldOf({ line }: StoredLine): readonly Stretch[] {
    return this.heldOf?.(line.server.id) ?? []
  }
}
