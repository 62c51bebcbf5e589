import { readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../../shared/clock.ts'
import type { Disk } from './disk.ts'
import { readRecords, type StoredRecord } from './records.ts'

const NAME = /^journal-(\d+)\.log$/
const FILE_MS = 5 * 60_000
/** Lines' bytes move to their segments when there are more files. */
const FILES = 8
/** More than the store writes to one file. */
const MOST_BYTES = 256 * 1024 * 1024

interface JournalFile {
  number: number
  bytes: number
  openedAt: number
  sync: 'new' | 'due' | 'done'
}

/**
 * What all lines said lately, in the order in which it was written: one write and one sync keep what thousands of lines
 * said. A file goes when segments have everything that it holds.
 */
export class Journal {
  readonly #dir: string
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #fileBytes: number
  /** Oldest first. The last one is written. */
  readonly #files: JournalFile[] = []

  /** @param fileBytes how large a file gets */
  constructor(dir: string, disk: Disk, clock: Clock, fileBytes: number) {
    this.#fileBytes = fileBytes
    this.#dir = dir
    this.#disk = disk
    this.#clock = clock
  }

  /** Reads what earlier processes wrote, in its order. A record that was cut off, and what follows it, goes. */
  async replay(take: (record: StoredRecord, file: number) => void): Promise<void> {
    const numbers = (await readdir(this.#dir)).flatMap((name) => {
      const number = NAME.exec(name)?.[1]
      return number ? [Number(number)] : []
    })
    for (const number of numbers.sort((a, b) => a - b)) {
      const path = this.#path(number)
      const { size, mtimeMs } = await stat(path)
      const content = await this.#disk.read(path, 0, Math.min(size, MOST_BYTES))
      const whole = readRecords(content, (record) => take(record, number))
      if (whole < size) await truncate(path, whole)
      this.#files.push({ number, bytes: whole, openedAt: mtimeMs, sync: 'done' })
    }
    this.begin()
  }

  /** The number of the file that is written */
  get current(): number {
    return this.#last().number
  }

  /** What a file holds that has this number, or an older one, belongs into segments by now. */
  get due(): number {
    const closed = this.#files.slice(0, -1)
    const old = closed.filter(({ openedAt }) => this.#clock.now() - openedAt >= 2 * FILE_MS)
    return Math.max(old.at(-1)?.number ?? 0, closed.at(-FILES)?.number ?? 0)
  }

  /**
   * A slow sync must not hold up the next write: what is written survives a killed process.
   * @returns the number of the file that has it
   */
  async write(records: Buffer): Promise<number> {
    const file = this.#last()
    await this.#disk.write(this.#path(file.number), file.bytes, [records], 'later')
    file.bytes += records.length
    if (file.sync === 'done') file.sync = 'due'
    if (file.bytes >= this.#fileBytes) this.begin()
    return file.number
  }

  /** What was written until now, and meanwhile, survives a power cut when this resolves. */
  async sync(): Promise<void> {
    for (;;) {
      const file = this.#files.find(({ sync, bytes }) => sync !== 'done' && bytes > 0)
      if (!file) return
      const isNew = file.sync === 'new'
      file.sync = 'done'
      await this.#disk.sync(this.#path(file.number), isNew)
    }
  }

  /**
   * Begins a new file after some minutes, and deletes those before this number: segments have what they hold.
   * @returns how many bytes became free
   */
  async tidy(needed: number): Promise<number> {
    const last = this.#last()
    if (last.bytes > 0 && this.#clock.now() - last.openedAt >= FILE_MS) this.begin()
    let free = 0
    while (this.#files.length > 1) {
      const [oldest] = this.#files
      if (!oldest || oldest.number >= needed) break
      await this.#disk.remove(this.#path(oldest.number))
      this.#files.shift()
      free += oldest.bytes
    }
    return free
  }

  /** Begins a new file. */
  begin(): void {
    const number = (this.#files.at(-1)?.number ?? 0) + 1
    this.#files.push({ number, bytes: 0, openedAt: this.#clock.now(), sync: 'new' })
  }

  #last(): JournalFile {
    const last = this.#files.at(-1)
    if (!last) throw new Error('The journal is written before it was replayed.')
    return last
  }

  #path(number: number): string {
    return join(this.#dir, `journal-${number}.log`)
  }
}
