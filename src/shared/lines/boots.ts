import type { BootEnding, BootSign, BootStage } from './boot-signs.ts'

export interface Boot {
  /** Where it begins */
  at: number
  /** Epoch ms */
  time: number
  /** How it ended, as its kernel said. null: it has not ended, or without a word. */
  ended: BootEnding | null
}

/** A machine that checks itself says nothing for minutes. What comes later than this is another boot. */
const MAX_SILENCE_MS = 10 * 60_000
/** A console that takes over repeats what was said before it. */
const REPEAT_MS = 10_000
/** A log is printed faster than this. */
const PRINT_MS = 60_000

/** A sign, and when it was said, epoch ms */
export interface TimedSign {
  sign: BootSign
  time: number
}

const order: Readonly<Record<BootStage, number>> = { firmware: 0, loader: 1, kernel: 2 }

/**
 * Whether a boot begins with this sign, whatever was said before the sign that is before it. So the boots from there on
 * are known without all that is older.
 */
export function surelyBegins({ sign, time }: TimedSign, before: TimedSign): boolean {
  if (sign.kind === 'end' || sign.printed) return false
  const silence = time - before.time
  if (silence > MAX_SILENCE_MS) return true
  if (before.sign.printed) return false
  if (before.sign.kind === 'end') return true
  switch (before.sign.stage) {
    case 'kernel':
      return sign.stage !== 'kernel' || silence > REPEAT_MS
    case 'loader':
      return sign.first && silence > REPEAT_MS
    case 'firmware':
      return false
  }
}

/**
 * Puts signs together: firmware, boot loader and kernel are one boot, which begins at its first sign. A kernel that
 * begins after a kernel is another boot. It remembers so many.
 */
export class Boots {
  readonly #most: number
  readonly #boots: Boot[] = []
  #stage: BootStage = 'kernel'
  #lastAt = Number.NEGATIVE_INFINITY
  /** Signs of this boot that come once in a boot, and when. */
  #once = new Map<string, number>()
  #printedAt = Number.NEGATIVE_INFINITY

  constructor(most = 100) {
    this.#most = most
  }

  /** Oldest first */
  get list(): readonly Boot[] {
    return this.#boots
  }

  /** @param time when it was said, epoch ms */
  add(sign: BootSign, time: number): void {
    if (sign.printed && (this.#printedAt === Number.NEGATIVE_INFINITY || time - this.#printedAt < PRINT_MS)) {
      this.#printedAt = time
      return
    }
    this.#printedAt = Number.NEGATIVE_INFINITY
    const boot = this.#boots.at(-1)
    if (sign.kind === 'end') {
      // A panic is followed by a restart. The panic is the reason.
      if (boot) boot.ended ??= sign.ending
      return
    }
    if (!boot || this.#isAnother(boot, sign, time)) {
      this.#boots.push({ at: sign.at, time, ended: null })
      if (this.#boots.length > this.#most) this.#boots.shift()
      this.#once = new Map()
      this.#stage = sign.stage
    } else if (order[sign.stage] > order[this.#stage]) this.#stage = sign.stage
    if (sign.first || sign.stage === 'kernel') this.#once.set(sign.text, this.#once.get(sign.text) ?? time)
    this.#lastAt = time
  }

  #isAnother(boot: Boot, sign: Extract<BootSign, { kind: 'begin' }>, time: number): boolean {
    if (boot.ended !== null || time - this.#lastAt > MAX_SILENCE_MS) return true
    if (sign.stage !== 'kernel' && this.#stage === 'kernel') return true
    const before = this.#once.get(sign.text)
    if (before !== undefined) return time - before > REPEAT_MS
    // “Booting Linux on” is the row before “Linux version”.
    if (sign.stage === 'kernel') return this.#stage === 'kernel' && time - this.#lastAt > 1_000
    return sign.first && this.#stage === 'loader'
  }
}
