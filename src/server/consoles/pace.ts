import type { Clock } from '../../shared/clock.ts'

export interface PaceLimits {
  /** How many may begin in a second. A tenth as many again are kept for tries that a person hurries. */
  perSecond: number
  /** How many may be under way at once. */
  atOnce: number
  /** How many of them may be for one project: a region that hangs must not hold up the others. */
  atOnceInProject: number
}

/** A cloud takes this from one client, and 2,000 lines that drop together have their links within 40 s. */
const LIMITS: PaceLimits = { perSecond: 50, atOnce: 60, atOnceInProject: 20 }
/** Time is divided into slots of this length. */
const SLOT_MS = 100

export interface Booking {
  /** How long to wait for it, ms */
  wait: number
  /** Gives the place to another. */
  cancel(): void
}

/**
 * Spreads over time what many lost lines ask of one cloud, so that they do not ask all at once. Each books a place, first
 * come, first served, and so knows when its turn is. In a queue it could not say how long it waits.
 */
export class Pace {
  readonly #clock: Clock
  readonly #limits: PaceLimits
  /** How many are booked in each slot, by its number. */
  readonly #booked = new Map<number, number>()
  /** Thousands of lines that drop at once would each look through the places of all before them. */
  readonly #full = { ordinary: new FullStretch(), hurried: new FullStretch() }
  /** How many are under way, by project. */
  readonly #underWay = new Map<string, number>()
  #allUnderWay = 0
  #newest = 0

  constructor(clock: Clock, limits: PaceLimits = LIMITS) {
    this.#clock = clock
    this.#limits = limits
  }

  /**
   * Books the first free place that is at least `after` ms away.
   * @param hurried a person waits for it
   */
  book(after: number, hurried = false): Booking {
    const now = this.#clock.now()
    this.#forgetBefore(slotOf(now))
    const ordinary = (this.#limits.perSecond * SLOT_MS) / 1000
    const room = hurried ? Math.ceil(ordinary * 1.1) : ordinary
    const full = hurried ? this.#full.hurried : this.#full.ordinary
    const slot = full.firstFree(slotOf(now + after), (each) => this.#in(each) < room)
    this.#booked.set(slot, this.#in(slot) + 1)
    return {
      wait: Math.max(after, slot * SLOT_MS - now),
      cancel: () => {
        const booked = this.#in(slot)
        this.#full.ordinary.freed(slot)
        this.#full.hurried.freed(slot)
        if (booked > 1) this.#booked.set(slot, booked - 1)
        else this.#booked.delete(slot)
      },
    }
  }

  /**
   * Begins what was booked.
   * @returns what to call when it is done; null: too many are under way, because the cloud is slow
   */
  begin(project: string): (() => void) | null {
    const count = this.#underWay.get(project) ?? 0
    const { atOnce, atOnceInProject } = this.#limits
    if (this.#allUnderWay >= atOnce || count >= atOnceInProject) return null
    this.#count(project, 1)
    return () => this.#count(project, -1)
  }

  /**
   * Begins now what nobody waits for. It gets what is left of a half, so that people's tries go first.
   * @returns what to call when it is done; null: not now
   */
  beginPatient(project: string): (() => void) | null {
    const now = this.#clock.now()
    this.#forgetBefore(slotOf(now))
    const { perSecond, atOnce, atOnceInProject } = this.#limits
    if (this.#in(slotOf(now)) >= (perSecond * SLOT_MS) / 2000) return null
    if (this.#allUnderWay >= atOnce / 2) return null
    if ((this.#underWay.get(project) ?? 0) >= atOnceInProject / 2) return null
    this.#booked.set(slotOf(now), this.#in(slotOf(now)) + 1)
    return this.begin(project)
  }

  /** What is under way, and what waits for its turn */
  get load(): { underWay: number; booked: number } {
    const now = slotOf(this.#clock.now())
    let booked = 0
    for (const [slot, count] of this.#booked) if (slot > now) booked += count
    return { underWay: this.#allUnderWay, booked }
  }

  #count(project: string, by: number): void {
    this.#allUnderWay += by
    const count = (this.#underWay.get(project) ?? 0) + by
    if (count === 0) this.#underWay.delete(project)
    else this.#underWay.set(project, count)
  }

  #in(slot: number): number {
    return this.#booked.get(slot) ?? 0
  }

  /** Slots that are over need not be counted. */
  #forgetBefore(slot: number): void {
    if (slot === this.#newest) return
    this.#newest = slot
    for (const each of this.#booked.keys()) if (each < slot) this.#booked.delete(each)
  }
}

const slotOf = (time: number) => Math.floor(time / SLOT_MS)

/** Remembers a stretch of slots that are full, so that nobody looks at each of them again. */
class FullStretch {
  #from = 0
  /** The first slot behind it */
  #to = 0

  /** @returns the first slot from `start` on that is free */
  firstFree(start: number, isFree: (slot: number) => boolean): number {
    let slot = start
    while (true) {
      if (slot >= this.#from && slot < this.#to) slot = this.#to
      if (isFree(slot)) break
      slot += 1
    }
    const touches = start <= this.#to && slot >= this.#from
    if (touches) this.#from = Math.min(this.#from, start)
    else if (slot - start > this.#to - this.#from) this.#from = start
    else return slot
    this.#to = touches ? Math.max(this.#to, slot) : slot
    return slot
  }

  /** A place in this slot was given back. */
  freed(slot: number): void {
    if (slot >= this.#from) this.#to = Math.min(this.#to, slot)
  }
}
