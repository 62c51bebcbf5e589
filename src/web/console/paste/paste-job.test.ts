import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import type { OnLost } from '../session/input-ledger.ts'
import { type Obstacle, PasteJob, type PastePort, type PasteState } from './paste-job.ts'

const BEGIN = '\x1b[200~'
const END = '\x1b[201~'

/** A line that a test opens, closes and fills up. */
class Line implements PastePort {
  typed = ''
  sends = 0
  obstructed: Obstacle | null = null
  marks = false
  hasRoom = true
  telling = false
  readonly #losses: OnLost[] = []

  obstacle(): Obstacle | null {
    return this.obstructed
  }
  wantsMarks(): boolean {
    return this.marks
  }
  tellsLosses(): boolean {
    return this.telling
  }
  send(bytes: Uint8Array, onLost: OnLost): 'sent' | 'no-room' | Obstacle {
    if (this.obstructed) return this.obstructed
    if (!this.hasRoom) return 'no-room'
    this.typed += new TextDecoder().decode(bytes)
    this.sends += 1
    this.#losses.push(onLost)
    return 'sent'
  }
  /** Tells the fate of what was sent `send`-th, from 0. Bytes that never arrived were not typed. */
  tell(send: number, from: number, fate: 'never-sent' | 'unknown'): void {
    this.#losses[send]?.(from, fate)
  }
}

let clock: ManualClock
let line: Line
let job: PasteJob
let told: (PasteState | null)[]

beforeEach(() => {
  clock = new ManualClock()
  line = new Line()
  told = []
  job = new PasteJob({ port: line, clock, onChange: (state) => told.push(state) })
})

/** Lines of 32 bytes, numbered from 1. */
const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => `${`line ${index + 1} `.padEnd(31, '.')}\r`).join('')
const text = lines(40)

function lose(why: Obstacle = 'line-down'): void {
  line.obstructed = why
  job.look()
}
function comeBack(): void {
  line.obstructed = null
  job.look()
}

describe('a paste', () => {
  it('is typed in bursts at the pace of a serial line, and tells how far it is and how long it takes', () => {
    expect(job.start('x'.repeat(1_000))).toBeNull()
    expect(line.typed).toHaveLength(256)
    // 8,000 bytes a second
    expect(job.state).toEqual({ kind: 'typing', sent: 256, total: 1_000, msTaken: 0, msLeft: 93 })
    clock.advance(31)
    expect(line.typed).toHaveLength(256)
    clock.advance(1)
    expect(line.typed).toHaveLength(512)
    clock.advance(64)
    expect(line.typed).toBe('x'.repeat(1_000))
    expect(job.state).toBeNull()
    expect(clock.pending).toBe(0)
  })

  it.each(['line-down', 'not-writer'] as const)('does not begin where there is %s', (why) => {
    line.obstructed = why
    expect(job.start(text)).toBe(why)
    expect(job.state).toBeNull()
    comeBack()
    clock.advance(10_000)
    expect(line.typed).toBe('')
  })

  it('waits for room, and tells that it takes longer', () => {
    job.start('x'.repeat(1_000))
    line.hasRoom = false
    clock.advance(5_000)
    expect(line.sends).toBe(1)
    expect(job.state).toMatchObject({ kind: 'typing', sent: 256, msTaken: expect.closeTo(5_000, -2) })
    expect(job.state).toMatchObject({ msLeft: expect.closeTo((5_000 * 744) / 256, -3) })
    line.hasRoom = true
    clock.advance(200)
    expect(line.typed).toBe('x'.repeat(1_000))
  })

  it('waits for room from its first byte on', () => {
    line.hasRoom = false
    job.start('x'.repeat(1_000))
    clock.advance(5_000)
    expect(job.state).toMatchObject({ kind: 'typing', sent: 0, msLeft: 125 })
    line.hasRoom = true
    clock.advance(200)
    expect(line.typed).toBe('x'.repeat(1_000))
  })

  it('stops where the line is lost, says how far it got, and goes on when told and not before', () => {
    job.start(text)
    clock.advance(40)
    lose()
    const lastLine = { number: 16, of: 40, text: lines(16).slice(-32, -1) }
    expect(job.state).toEqual({
      kind: 'stopped',
      why: 'line-down',
      sent: 512,
      total: 1_280,
      doubtful: null,
      lastLine,
    })
    comeBack()
    clock.advance(10_000)
    expect(line.typed).toBe(text.slice(0, 512))
    job.resume()
    clock.advance(10_000)
    expect(line.typed).toBe(text)
    expect(job.state).toBeNull()
  })

  it('stops where a burst finds the line lost before anybody said so', () => {
    job.start(text)
    line.obstructed = 'line-down'
    clock.advance(40)
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 256 })
  })

  it('stops where the keyboard goes to another, or the relay dropped something', () => {
    job.start(text)
    lose('not-writer')
    expect(job.state).toMatchObject({ kind: 'stopped', why: 'not-writer', sent: 256 })
    comeBack()
    job.resume()
    job.dropped('line-down')
    expect(job.state).toMatchObject({ kind: 'stopped', why: 'line-down', sent: 512 })
  })

  it('does not go on while the line is down', () => {
    job.start(text)
    lose()
    job.resume()
    clock.advance(1_000)
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 256 })
  })

  it('knows the last whole line', () => {
    const stopAt = (pasted: string) => {
      comeBack()
      job.start(pasted)
      lose()
      return job.state?.kind === 'stopped' ? job.state.lastLine : undefined
    }
    expect(stopAt('x'.repeat(300))).toBeNull()
    expect(stopAt(`one\r${'x'.repeat(300)}`)).toEqual({ number: 1, of: 2, text: 'one' })
    // The line end is the first byte that did not go out.
    expect(stopAt(`${'x'.repeat(256)}\r`)).toBeNull()
    expect(stopAt(`\r\rthree\r${'x'.repeat(300)}\r`)).toEqual({ number: 3, of: 4, text: 'three' })
  })

  it('is given up in the middle, and says how far it got', () => {
    job.start(text)
    job.cancel()
    expect(job.state).toMatchObject({ kind: 'cancelled', sent: 256, lastLine: { number: 8 } })
    clock.advance(1_000)
    job.resume()
    expect(line.typed).toHaveLength(256)
    expect(clock.pending).toBe(0)
  })

  it('is given up after it stopped', () => {
    job.start(text)
    lose()
    job.cancel()
    expect(job.state).toBeNull()
    comeBack()
    job.resume()
    clock.advance(1_000)
    expect(line.typed).toHaveLength(256)
  })

  it('is ended by Ctrl+C while it is typed, and kept where it has stopped already', () => {
    job.start(text)
    job.interrupt()
    expect(job.state?.kind).toBe('cancelled')
    job.start(text)
    lose()
    job.interrupt()
    expect(job.state?.kind).toBe('stopped')
  })

  it('gives way to the next', () => {
    job.start(text)
    job.start('y')
    clock.advance(1_000)
    expect(line.typed).toBe(`${text.slice(0, 256)}y`)
  })

  it('gives each byte once and in order, whatever happens to the line, and however often', () => {
    const happening = fc.oneof(
      fc.record({ kind: fc.constant('time' as const), ms: fc.nat(200) }),
      fc.record({ kind: fc.constantFrom('lost' as const, 'full' as const), ms: fc.nat(200) }),
    )
    const pasted = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3_000 })
    fc.assert(
      fc.property(pasted, fc.array(happening, { maxLength: 20 }), (given, happenings) => {
        line.typed = ''
        job.start(given)
        for (const { kind, ms } of happenings) {
          if (kind === 'lost') lose()
          if (kind === 'full') line.hasRoom = false
          clock.advance(ms)
          line.hasRoom = true
          comeBack()
          if (kind === 'lost') job.resume()
        }
        clock.advance(60_000)
        expect(line.typed).toBe(new TextDecoder().decode(new TextEncoder().encode(given)))
        expect(job.state).toBeNull()
      }),
    )
  })
})

describe('the marks around a paste', () => {
  beforeEach(() => {
    line.marks = true
  })

  it('are there where the program asked for them, and are no bytes of the text', () => {
    job.start('ls')
    expect(line.typed).toBe(`${BEGIN}ls${END}`)
    job.start(text)
    expect(job.state).toMatchObject({ sent: 256, total: text.length })
  })

  it('end where a person ends the paste', () => {
    job.start(text)
    job.cancel()
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}${END}`)
  })

  it('end before Ctrl+C, which would be text between them', () => {
    job.start(text)
    job.interrupt()
    line.typed += '\x03'
    expect(line.typed.endsWith(`${END}\x03`)).toBe(true)
  })

  it('end before the next paste', () => {
    job.start(text)
    job.start('ls')
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}${END}${BEGIN}ls${END}`)
  })

  it('end and begin anew where a paste goes on, although a lost line has put the modes back', () => {
    job.start(text)
    lose()
    line.marks = false
    comeBack()
    job.resume()
    clock.advance(10_000)
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}${END}${BEGIN}${text.slice(256)}${END}`)
  })

  it('end where a stopped paste is given up on an open line', () => {
    job.start(text)
    lose()
    comeBack()
    job.cancel()
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}${END}`)
  })

  it('cannot end while the line is down', () => {
    job.start(text)
    lose()
    job.cancel()
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}`)
  })

  it('end before we let go of the keyboard ourselves, and begin anew when it is ours again', () => {
    job.start(text)
    job.letGo('not-writer')
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}${END}`)
    expect(job.state).toMatchObject({ kind: 'stopped', why: 'not-writer' })
    job.resume()
    clock.advance(10_000)
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 256)}${END}${BEGIN}${text.slice(256)}${END}`)
  })
})

describe('a port that tells what is lost', () => {
  beforeEach(() => {
    line.telling = true
  })

  it('lets a paste go on at the first byte that did not arrive', () => {
    job.start(text)
    clock.advance(70)
    lose()
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 768, doubtful: 0 })
    // The relay tells it piece by piece, and in the middle of one.
    line.tell(2, 0, 'never-sent')
    line.tell(1, 100, 'never-sent')
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 356, doubtful: 0, lastLine: { number: 11 } })
    comeBack()
    line.typed = line.typed.slice(0, 356)
    job.resume()
    clock.advance(10_000)
    expect(line.typed).toBe(text)
  })

  it('counts what may not have arrived, and does not type it twice', () => {
    job.start(text)
    clock.advance(70)
    lose()
    line.tell(2, 0, 'never-sent')
    line.tell(1, 0, 'unknown')
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 512, doubtful: 256 })
    comeBack()
    line.typed = line.typed.slice(0, 512)
    job.resume()
    clock.advance(10_000)
    expect(line.typed).toBe(text)
  })

  it('stops a paste that was sent to its end, its marks with it', () => {
    line.marks = true
    job.start(text)
    clock.advance(10_000)
    expect(job.state).toBeNull()
    line.tell(4, 56, 'never-sent')
    expect(job.state).toMatchObject({ kind: 'stopped', why: 'line-down', sent: 1_080, doubtful: 0 })
    line.typed = line.typed.slice(0, BEGIN.length + 1_080)
    job.resume()
    clock.advance(10_000)
    expect(line.typed).toBe(`${BEGIN}${text.slice(0, 1_080)}${END}${BEGIN}${text.slice(1_080)}${END}`)
  })

  it('stops a paste whose burst is lost while it is sent', () => {
    job.start(text)
    line.send = (_bytes, onLost) => {
      onLost(0, 'never-sent')
      return 'sent'
    }
    clock.advance(1_000)
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 256, doubtful: 0 })
    expect(clock.pending).toBe(0)
  })

  it('counts no mark as text', () => {
    line.marks = true
    job.start(text)
    lose()
    line.tell(0, 2, 'never-sent')
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 0 })
    comeBack()
    job.cancel()
    job.start('ls')
    // The mark of its end alone.
    line.tell(2, BEGIN.length + 2, 'never-sent')
    expect(job.state).toMatchObject({ kind: 'stopped', sent: 2, total: 2 })
    line.typed = ''
    job.resume()
    expect(line.typed).toBe(`${END}${BEGIN}${END}`)
    expect(job.state).toBeNull()
  })

  it('says nothing of a paste that was given up, or of one before', () => {
    job.start(text)
    job.cancel()
    const cancelled = job.state
    line.tell(0, 0, 'never-sent')
    expect(job.state).toBe(cancelled)
    job.start(text)
    job.start('y'.repeat(300))
    line.tell(1, 0, 'never-sent')
    expect(job.state).toMatchObject({ kind: 'typing', sent: 256, total: 300 })
  })
})
