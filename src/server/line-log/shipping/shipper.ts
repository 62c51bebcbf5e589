import type { FastifyBaseLogger } from 'fastify'
import { backoff } from '../../../shared/backoff.ts'
import type { Clock } from '../../../shared/clock.ts'
import { Lifetime } from '../../deadline.ts'
import type { LineRef, LineWriter } from '../store/store.ts'
import { Backlog } from './backlog.ts'
import type { Entry } from './entry.ts'
import { PlainLines } from './plain-lines.ts'

/**
 * What became of a batch. `refused`: it will never be taken. `later`: it may be taken another time.
 */
export type Outcome = { kind: 'taken' } | { kind: 'refused' | 'later'; why: string }

/** Where the lines go. It never rejects. */
export interface Destination {
  /** @param within what ends it sooner */
  send(batch: readonly Entry[], within: Lifetime): Promise<Outcome>
}

export interface ShipperOptions {
  destination: Destination
  log: FastifyBaseLogger
  clock: Clock
  /** 0 to 1; a test gives one that it knows. */
  random?: () => number
}

/** A line waits no longer for others to go with, ms. */
const BATCH_MS = 1000
/** What is still to go when the server ends has so long, ms. */
const LAST_TRY_MS = 5000

/**
 * Sends what lines say to where logs are kept. It has a bound of memory, and nobody waits for it: where the destination
 * is away or too slow, the oldest lines go, and the next batch says how many.
 */
export class Shipper {
  readonly #options: ShipperOptions
  readonly #backlog = new Backlog()
  readonly #life = new Lifetime()
  /** A batch that is under way, or waits for another try */
  #batch: readonly Entry[] | null = null
  #sending: Promise<void> | null = null
  #attempt = 0
  #cancelTimer: (() => void) | null = null
  #refused = 0
  #closed = false

  constructor(options: ShipperOptions) {
    this.#options = options
  }

  /** What one line says from now on. */
  open(line: LineRef): Pick<LineWriter, 'append' | 'mark' | 'close'> {
    return new PlainLines({
      line,
      clock: this.#options.clock,
      emit: (entry) => this.#add(entry),
    })
  }

  /** Tries once more to send what waits. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelTimer?.()
    const { clock, log } = this.#options
    await new Promise<void>((resolve) => {
      // A pipe that nobody reads holds up even its end.
      this.#life.add(resolve)
      const cancel = clock.after(LAST_TRY_MS, () => this.#life.end())
      void this.#drain().then(cancel).then(resolve)
    })
    this.#life.end()
    const lost = this.#backlog.lost + this.#backlog.count + (this.#batch?.length ?? 0)
    if (lost + this.#refused > 0) log.warn({ lost, refused: this.#refused }, 'lines were not shipped')
  }

  async #drain(): Promise<void> {
    await this.#sending
    while (!this.#life.isOver && (await this.#sendOne()));
  }

  #add(entry: Entry): void {
    this.#backlog.add(entry)
    if (this.#closed || this.#sending || this.#attempt > 0) return
    if (this.#backlog.fillsBatch) this.#send()
    else this.#cancelTimer ??= this.#options.clock.after(BATCH_MS, () => this.#send())
  }

  #send(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#sending = this.#sendOne().then((goesOn) => {
      this.#sending = null
      if (this.#closed) return
      if (!goesOn) this.#tryAgain()
      else if (this.#backlog.fillsBatch) this.#send()
      else if (this.#backlog.count > 0)
        this.#cancelTimer = this.#options.clock.after(BATCH_MS, () => this.#send())
    })
  }

  #tryAgain(): void {
    const { clock, random = Math.random } = this.#options
    if (!this.#batch) return
    this.#cancelTimer = clock.after(backoff(this.#attempt - 1, random()), () => this.#send())
  }

  /** @returns whether another may follow at once */
  async #sendOne(): Promise<boolean> {
    const { destination, log } = this.#options
    this.#batch ??= this.#backlog.take()
    const batch = this.#batch
    if (!batch) return false
    const outcome = await destination.send(batch, this.#life)
    switch (outcome.kind) {
      case 'taken':
        if (this.#attempt > 0) log.info({ lost: this.#backlog.lost }, 'lines are shipped again')
        break
      case 'refused':
        this.#refused += batch.length
        log.warn({ why: outcome.why, lines: batch.length }, 'lines were refused, and are not shipped')
        break
      case 'later':
        if (this.#attempt === 0) log.warn({ why: outcome.why }, 'lines cannot be shipped, and wait')
        this.#attempt += 1
        return false
    }
    this.#attempt = 0
    this.#batch = null
    return true
  }
}
