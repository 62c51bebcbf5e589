import type { Clock } from '../../../shared/clock.ts'
import { joined } from '../bytes.ts'
import { readWhole, utf8 } from '../encoding/encodings.ts'
import type { OnLost } from '../session/input-ledger.ts'
import { burstOf, paceOf } from './pacer.ts'
import { PASTE_BEGINS, PASTE_ENDS } from './paste.ts'

/** What keeps a paste from the line: it is not open, or the keyboard is not ours. */
export type Obstacle = 'line-down' | 'not-writer'

/** The way of a paste to the line. */
export interface PastePort {
  /** What would keep it from the line now. */
  obstacle(): Obstacle | null
  /** Whether the program on the line asked for marks around what is pasted (DECSET 2004). */
  wantsMarks(): boolean
  /**
   * Takes all of the bytes or none. `no-room`: ask again in a moment.
   * @param onLost called when it comes out that the bytes from this index on did not arrive, maybe long after
   */
  send(bytes: Uint8Array<ArrayBuffer>, onLost: OnLost): 'sent' | 'no-room' | Obstacle
  /** Whether it calls `onLost` for all that is lost. */
  tellsLosses(): boolean
}

/** Bytes of the text, without marks around it. */
export interface PasteProgress {
  sent: number
  total: number
}

/** The last line that was typed whole, its line end included, and how many lines there are. */
interface WholeLine {
  number: number
  of: number
  text: string
}

export type PasteState =
  | ({ kind: 'typing'; msTaken: number; msLeft: number } & PasteProgress)
  /**
   * It waits until it is told to go on, or is given up. `doubtful`: so many of the last bytes may not have arrived; null
   * where nobody tells. `lastLine` is null before the end of the first line.
   */
  | ({ kind: 'stopped'; why: Obstacle; doubtful: number | null; lastLine: WholeLine | null } & PasteProgress)
  /** A person ended it in the middle. */
  | ({ kind: 'cancelled'; lastLine: WholeLine | null } & PasteProgress)

/** How the marks around a paste stand with the program on the line. */
type Marks =
  | 'none'
  /** The mark for the beginning goes out with the next burst. */
  | 'wanted'
  /** The program waits for the mark of the end. */
  | 'begun'
  /** It does so from before the line was lost. The next burst ends that paste and begins another. */
  | 'begun-before'

const MARKS_BEFORE: Readonly<Record<Marks, string>> = {
  none: '',
  wanted: PASTE_BEGINS,
  begun: '',
  'begun-before': PASTE_ENDS + PASTE_BEGINS,
}

export interface PasteJobOptions {
  port: PastePort
  clock: Clock
  /** Null: there is nothing to tell of a paste any more. */
  onChange: (state: PasteState | null) => void
}

const NO_ROOM_MS = 50
/** After so long the time left is that of the speed until now. */
const MEASURED_MS = 1_000
const [LF, CR] = [0x0a, 0x0d]
const encoder = new TextEncoder()

/**
 * Types a text at the pace of a serial line. It begins on an open line only, and stops where the line is lost or the
 * keyboard goes to another viewer. A text that went on by itself would begin in the middle of a line, maybe in another
 * program. So it goes on only when it is told to.
 */
export class PasteJob {
  readonly #port: PastePort
  readonly #clock: Clock
  readonly #onChange: PasteJobOptions['onChange']
  #state: PasteState | null = null
  #text = new Uint8Array()
  #encoding = utf8
  #sent = 0
  /** What was sent from here on may not have arrived. */
  #doubtFrom = Number.POSITIVE_INFINITY
  #marks: Marks = 'none'
  /** The program asked for marks when the paste began or went on. */
  #isMarked = false
  /** When it began or went on, and how much was sent before that. */
  #run = { began: 0, from: 0 }
  #cancelWait = () => {}

  constructor({ port, clock, onChange }: PasteJobOptions) {
    this.#port = port
    this.#clock = clock
    this.#onChange = onChange
  }

  get state(): PasteState | null {
    return this.#state
  }

  /** The one before gives way. @returns why it cannot begin; `lacking`: the encoding lacks some of its characters */
  start(text: string, encoding = utf8): Obstacle | 'lacking' | null {
    const obstacle = this.#port.obstacle()
    if (obstacle) return obstacle
    const bytes = encoding.encode(text)
    if (!bytes) return 'lacking'
    this.#endMarks()
    this.#encoding = encoding
    this.#text = bytes
    this.#sent = 0
    this.#begin()
    return null
  }

  /** Goes on where it stopped. */
  resume(): void {
    if (this.#state?.kind === 'stopped' && !this.#port.obstacle()) this.#begin()
  }

  /** Ends it for good: in the middle, or after it has stopped. */
  cancel(): void {
    const { sent, total } = this.#progress()
    switch (this.#state?.kind) {
      case 'typing':
        return this.#giveUp({ kind: 'cancelled', sent, total, lastLine: this.#lastLine(sent) })
      case 'stopped':
        return this.#giveUp(null)
      case 'cancelled':
      case undefined:
        return
    }
  }

  /** Ctrl+C is typed. It overtakes what still waits here. */
  interrupt(): void {
    if (this.#state?.kind === 'typing') this.cancel()
  }

  /** The line or the keyboard may have changed. */
  look(): void {
    const obstacle = this.#state?.kind === 'typing' ? this.#port.obstacle() : null
    if (obstacle) this.#stop(obstacle)
  }

  /** We let go of the line or of the keyboard ourselves, in a moment: there is still time for the mark of the end. */
  letGo(why: Obstacle): void {
    if (this.#state?.kind !== 'typing') return
    this.#endMarks()
    this.#stop(why)
  }

  /** The relay says that it dropped something of what we sent. */
  dropped(why: Obstacle): void {
    if (this.#state?.kind === 'typing') this.#stop(why)
  }

  dispose(): void {
    this.#cancelWait()
  }

  #begin(): void {
    this.#cancelWait()
    if (this.#marks === 'begun') this.#marks = 'begun-before'
    else this.#marks = this.#port.wantsMarks() ? 'wanted' : 'none'
    this.#isMarked = this.#marks !== 'none'
    this.#doubtFrom = Number.POSITIVE_INFINITY
    this.#run = { began: this.#clock.now(), from: this.#sent }
    this.#step()
  }

  #step(): void {
    const [text, at] = [this.#text, this.#sent]
    const burst = burstOf(text, at)
    const isLast = at + burst.length === text.length
    const before = encoder.encode(MARKS_BEFORE[this.#marks])
    const after = encoder.encode(isLast && this.#isMarked ? PASTE_ENDS : '')
    let lost = false
    this.#sent += burst.length
    const sending = this.#port.send(joined([before, burst, after]), (from, fate) => {
      lost = true
      const lostFrom = at + Math.min(burst.length, Math.max(0, from - before.length))
      if (text === this.#text) this.#lost(lostFrom, fate)
    })
    switch (sending) {
      case 'sent':
        // At once: the paste has stopped already.
        if (lost) return
        this.#marks = isLast || !this.#isMarked ? 'none' : 'begun'
        if (isLast) return this.#halt(null)
        return this.#wait(paceOf(burst.length))
      case 'no-room':
        this.#sent = at
        return this.#wait(NO_ROOM_MS)
      case 'line-down':
      case 'not-writer':
        this.#sent = at
        return this.#stop(sending)
    }
  }

  #wait(ms: number): void {
    const { sent, total } = this.#progress()
    const msTaken = Math.max(0, this.#clock.now() - this.#run.began)
    const left = total - sent
    // A line without room makes it slower than its pace. The first bursts are too few to tell.
    const pace = paceOf(sent - this.#run.from)
    const slowness = msTaken < MEASURED_MS || pace === 0 ? 1 : Math.max(1, msTaken / pace)
    const msLeft = slowness * paceOf(left)
    // Before it is told: who hears of it may find an obstacle, and stop it.
    this.#cancelWait = this.#clock.after(ms, () => this.#step())
    this.#tell({ kind: 'typing', sent, total, msTaken, msLeft })
  }

  #stop(why: Obstacle): void {
    const { sent, total } = this.#progress()
    const doubtful = this.#port.tellsLosses() ? Math.max(0, sent - this.#doubtFrom) : null
    this.#halt({ kind: 'stopped', why, sent, total, doubtful, lastLine: this.#lastLine(sent) })
  }

  /** It may have been sent to its end before that comes out. */
  #lost(from: number, fate: 'never-sent' | 'unknown'): void {
    if (fate === 'unknown') this.#doubtFrom = Math.min(this.#doubtFrom, from)
    else this.#sent = Math.min(this.#sent, from)
    // The mark of the end was behind it.
    if (this.#isMarked && this.#marks === 'none') this.#marks = 'begun'
    this.#stop(this.#state?.kind === 'stopped' ? this.#state.why : 'line-down')
  }

  #giveUp(state: PasteState | null): void {
    this.#endMarks()
    // Whatever comes out about its bytes later changes nothing.
    this.#text = new Uint8Array()
    this.#halt(state)
  }

  #halt(state: PasteState | null): void {
    this.#cancelWait()
    this.#tell(state)
  }

  #tell(state: PasteState | null): void {
    this.#state = state
    this.#onChange(state)
  }

  #lastLine(sent: number): WholeLine | null {
    return lastLine(this.#text, sent, (line) => readWhole(this.#encoding, line))
  }

  #progress(): PasteProgress {
    return { sent: this.#sent, total: this.#text.length }
  }

  /** A program must not stay in its paste mode, where the next keys would be text. */
  #endMarks(): void {
    const open = this.#marks === 'begun' || this.#marks === 'begun-before'
    if (open && !this.#port.obstacle()) this.#port.send(encoder.encode(PASTE_ENDS), () => {})
    this.#marks = 'none'
  }
}

/** The last line that ends within the first `sent` bytes. Lines end as the machine wants it: with CR, LF or both. */
function lastLine(text: Uint8Array, sent: number, read: (bytes: Uint8Array) => string): WholeLine | null {
  let [number, of, begin, end] = [0, 0, 0, -1]
  for (const [at, byte] of text.entries()) {
    if (byte !== LF && (byte !== CR || text[at + 1] === LF)) continue
    of += 1
    if (at >= sent) continue
    number = of
    begin = end + 1
    end = at
  }
  if (number === 0) return null
  // What follows the last line end is a line, too.
  const last = text.at(-1)
  const rest = last === CR || last === LF ? 0 : 1
  const line = read(text.subarray(begin, end)).replace(/\r$/, '')
  return { number, of: of + rest, text: line }
}
