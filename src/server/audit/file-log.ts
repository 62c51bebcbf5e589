import { open } from 'node:fs/promises'
import type { FastifyBaseLogger } from 'fastify'
import pLimit from 'p-limit'
import type { AuditAction, AuditEvent, AuditFilter } from '../../shared/audit.ts'
import type { Clock } from '../../shared/clock.ts'
import { type AuditFacts, type AuditLog, type AuditStep, isPrivileged } from './audit.ts'
import { AuditFile, type AuditFileOptions } from './audit-file.ts'
import { eventIn, eventOf, lineOf } from './event.ts'
import { matcher } from './filter.ts'
import { Loss } from './loss.ts'
import { identityOf, type LogFile, linesBack, logFiles } from './read-back.ts'

/** So many ordinary events wait in memory until they are written. More are lost, and that is an event. */
const ORDINARY_MAX = 5_000
/** Privileged events have room of their own: some 50 MB, if the disk fails for days. */
const PRIVILEGED_MAX = 100_000
/** How many lines are written at once. */
const BATCH = 500
const TROUBLE_EVERY_MS = 60_000
const RETRY_MS = 10_000
/** Lines are in the order of time, except where the clock was corrected; never by more than this. */
const CLOCK_SLACK_MS = 3_600_000

export interface FileLogOptions extends AuditFileOptions {
  log: Pick<FastifyBaseLogger, 'error'>
  clock: Clock
}

/**
 * Writes events to a file, one line each. Until then they wait in memory, where the page already sees them. Consoles
 * never wait for it. A burst of ordinary events never displaces a privileged one.
 */
export class FileLog implements AuditLog {
  readonly kept = 'file'
  readonly #options: FileLogOptions
  readonly #file: AuditFile
  readonly #waiting: AuditEvent[] = []
  /** How many events of this process are in the file. */
  #written = 0
  /** How many of the waiting events are privileged. */
  #privileged = 0
  /** Tells what was lost since the last write began. It waits with the others. */
  readonly #loss = new Loss()
  #lost = 0
  #failing = false
  #lastTrouble = Number.NEGATIVE_INFINITY
  /** A write and a look at where the files end never overlap. */
  readonly #inTurn = pLimit(1)
  #flushing: Promise<void> | null = null
  #closed = false

  private constructor(options: FileLogOptions, file: AuditFile) {
    this.#options = options
    this.#file = file
  }

  /** @throws ConfigError when the file cannot be used */
  static async open(options: FileLogOptions): Promise<FileLog> {
    return new FileLog(options, await AuditFile.open(options))
  }

  get unwritten(): number {
    return this.#failing ? this.#waiting.length : 0
  }

  record(action: AuditAction, facts: AuditFacts): void {
    if (this.#closed) return
    const event = eventOf(action, facts, this.#options.clock.now())
    const privileged = isPrivileged(action, facts)
    const full = privileged
      ? this.#privileged >= PRIVILEGED_MAX
      : this.#waiting.length - this.#privileged >= ORDINARY_MAX
    if (full) this.#lose(event)
    else this.#wait(event)
    // After a failure a timer tries again.
    if (!this.#failing) void this.#flush()
  }

  #wait(event: AuditEvent): void {
    this.#waiting.push(event)
    if (isPrivileged(event.action, event)) this.#privileged += 1
  }

  #lose(event: AuditEvent): void {
    this.#lost += event.count
    const loss = this.#loss.count(event)
    if (loss) this.#wait(loss)
  }

  async *search(filter: AuditFilter, before: string | null): AsyncGenerator<AuditStep> {
    // The search covers all that was recorded before it.
    await this.#flushing
    const { files, waiting, written } = await this.#inTurn(async () => ({
      files: await logFiles(this.#options.path),
      waiting: this.#failing ? [...this.#waiting] : [],
      written: this.#written,
    }))
    const matches = matcher(filter)
    const [identity, offset] = before?.split('.') ?? []
    if (identity !== undefined && offset !== undefined) {
      yield* this.#searchFiles(filter, files, { identity, offset: Number(offset), skip: 0 })
      return
    }
    // The cursor points into events that waited then. Some of them may be in the file by now.
    const end = before === null ? waiting.length : Number(before) - written
    const found = waiting
      .slice(0, Math.max(0, end))
      .map((event, index) => ({ event, older: String(written + index) }))
      .filter(({ event }) => matches(event))
      .reverse()
    if (found.length > 0) yield { found, older: String(written) }
    yield* this.#searchFiles(filter, files, { identity: null, offset: 0, skip: Math.max(0, -end) })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#flush()
    await this.#file.close()
    const events = this.#waiting.reduce((sum, { count }) => sum + count, 0)
    if (events > 0) this.#options.log.error({ events }, 'audit events are lost: they could not be written')
  }

  async *#searchFiles(
    filter: AuditFilter,
    files: LogFile[],
    from: { identity: string | null; offset: number; skip: number },
  ): AsyncGenerator<AuditStep> {
    const matches = matcher(filter)
    const earliest = filter.from ? Date.parse(filter.from) - CLOCK_SLACK_MS : Number.NEGATIVE_INFINITY
    let { skip } = from
    const begin = from.identity === null ? 0 : files.findIndex(({ identity }) => identity === from.identity)
    // The file was among the oldest and is deleted, so nothing older is left.
    if (begin === -1) return
    for (const [index, { identity, size }] of files.slice(begin).entries()) {
      const file = await this.#reopen(identity)
      if (!file) return
      try {
        for await (const lines of linesBack(
          file,
          index === 0 && from.identity !== null ? from.offset : size,
        )) {
          const found: AuditStep['found'] = []
          let older = `${identity}.0`
          let tooEarly = false
          for (const { start, text } of lines) {
            older = `${identity}.${start}`
            const event = eventIn(text)
            if (!event) continue
            if (skip > 0) {
              skip -= 1
              continue
            }
            tooEarly = Date.parse(event.time) < earliest
            if (tooEarly) break
            if (matches(event)) found.push({ event, older })
          }
          yield { found, older }
          if (tooEarly) return
        }
      } finally {
        await file.close()
      }
    }
  }

  /** Opens a file by the name that it has now; it may have been rotated since. */
  async #reopen(identity: string) {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const known = (await logFiles(this.#options.path)).find((file) => file.identity === identity)
      if (!known) return null
      const file = await open(known.path, 'r').catch(() => null)
      if (file && (await identityOf(file)) === identity) return file
      await file?.close()
    }
    return null
  }

  #flush(): Promise<void> {
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = null
    })
    return this.#flushing
  }

  async #writeAll(): Promise<void> {
    do await this.#inTurn(() => this.#writeBatch())
    while (this.#waiting.length > 0 && !this.#failing)
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting.slice(0, BATCH)
    if (batch.length === 0) return
    // What is lost from here on is not in the line that is being written.
    const { untold } = this.#loss
    if (untold && batch.includes(untold)) this.#loss.told()
    const { lines, error } = await this.#file.append(batch.map((event) => Buffer.from(lineOf(event))))
    const done = this.#waiting.splice(0, lines)
    this.#privileged -= done.filter((event) => isPrivileged(event.action, event)).length
    this.#written += lines
    this.#failing = lines < batch.length
    if (error !== null) this.#logTrouble(error)
    if (this.#failing && !this.#closed) this.#options.clock.after(RETRY_MS, () => void this.#flush())
  }

  #logTrouble(error: unknown): void {
    const { log, clock } = this.#options
    if (clock.now() - this.#lastTrouble < TROUBLE_EVERY_MS) return
    this.#lastTrouble = clock.now()
    log.error(
      { err: error, unwritten: this.unwritten, lost: this.#lost },
      'the audit log cannot be written as it should: see BMS_CONSOLE_AUDIT_FILE',
    )
  }
}
