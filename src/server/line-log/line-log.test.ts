import fc from 'fast-check'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import type { LogMark } from '../../shared/line-log.ts'
import type { RelayMessage, ResumePoint } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../../testing/line-log.ts'
import { ViewerCursor } from '../consoles/viewer-cursor.ts'
import type { LineLog } from './line-log.ts'
import { LineLogs } from './line-logs.ts'
import type { LineRef, LineStore, LineWriter } from './store/store.ts'

const line: LineRef = { server: { id: 'server-1', name: 'web-1' }, project: null }
const KEPT = 64 * 1024

function start({
  store = new MemoryStore(),
  keptBytes = KEPT,
}: {
  store?: LineStore | null
  keptBytes?: number
} = {}) {
  const clock = new ManualClock()
  const logged: string[] = []
  const log = pino({ level: 'error' }, { write: (text: string) => void logged.push(text) })
  let lastSeen: number | null = null
  const openAtRest = (session: string, how: { unattended?: boolean } = {}) =>
    new LineLogs({ store, lastSeen, keptBytes, log, clock, wall: clock }).open(line, session, how)
  const open = async (session: string) => {
    const opened = await openAtRest(session)
    await opened.wake()
    return opened
  }
  /** A process that was killed is followed by one that knows when it was last seen. */
  const killed = (seen: number | null) => {
    lastSeen = seen
  }
  return { open, openAtRest, killed, clock, logged }
}

const says = (log: LineLog, text: string) => log.append(Buffer.from(text))

/** What a viewer is shown, in order: text, and seams in brackets. */
function shown(log: LineLog, offset: number | null = null, earlier: ResumePoint[] = []) {
  const told: string[] = []
  const port = {
    bufferedBytes: 0,
    send: (bytes: Buffer) => void told.push(bytes.toString()),
    notify(message: RelayMessage) {
      if (message.type === 'seam') told.push(`[${message.why} ${message.awayMs}]`)
    },
    close() {},
  }
  new ViewerCursor(port, log, log.place(offset, earlier)).pump()
  return told.join('')
}

describe('a line’s log', () => {
  it('begins at 0 in each session where nothing is kept', async () => {
    const { open } = start({ store: null })
    says(await open('one'), 'before')
    const log = await open('two')
    says(log, 'after')
    expect([log.began, log.end]).toEqual([0, 5])
    expect(shown(log)).toBe('after')
  })

  it('goes on at the offset where the last session ended, with what that one left', async () => {
    const { open, clock } = start()
    const one = await open('one')
    says(one, 'before ')
    one.close(false)
    clock.advance(90_000.25)
    const two = await open('two')
    expect([two.began, two.end]).toEqual([7, 7])
    expect(shown(two)).toBe('before [not-watched 90000]')
    says(two, 'after')
    expect(shown(two)).toBe('before [not-watched 90000]after')
  })

  it('says that BMS Console was restarted where it ended the session', async () => {
    const { open, clock } = start()
    const one = await open('one')
    says(one, 'before ')
    clock.advance(60_000)
    one.close(true)
    clock.advance(12_000)
    expect(shown(await open('two'))).toBe('before [restarted 12000]')
  })

  it.each([
    [null, null],
    [50_000, 20_000],
    // Its last sign of life is older than the last byte.
    [0, 60_000],
  ])('says so, too, where it was killed, last seen at %s ms: away for %s ms', async (seen, awayMs) => {
    const store = new MemoryStore()
    const { open, killed, clock } = start({ store })
    const began = clock.now()
    const one = await open('one')
    clock.advance(10_000)
    says(one, 'before ')
    store.line(line).writing = false
    clock.advance(60_000)
    killed(seen === null ? null : began + seen)
    expect(shown(await open('two'))).toBe(`before [restarted ${awayMs}]`)
  })

  it('keeps the seams of a lost line, and marks', async () => {
    const store = new MemoryStore()
    const { open, clock } = start({ store })
    const one = await open('one')
    expect(one.lineLost()).toBe(false)
    says(one, 'a')
    expect(one.lineLost()).toBe(true)
    clock.advance(4_000)
    says(one, 'b')
    one.mark({ kind: 'power', action: 'off', by: 'Ada' })
    one.close(false)
    const two = await open('two')
    expect(shown(two)).toBe('a[line-lost 4000]b[not-watched 0]')
    // It has not spoken in this session.
    expect(two.lineLost()).toBe(false)
    const marks: LogMark[] = (await store.line(line).marks(0, 9)).map(({ mark }) => mark)
    expect(marks).toContainEqual({ kind: 'power', action: 'off', by: 'Ada' })
  })

  it('lets a viewer of an earlier session go on where it was', async () => {
    const { open } = start()
    const one = await open('one')
    says(one, '0123')
    one.close(false)
    const two = await open('two')
    says(two, '45')
    two.close(true)
    const three = await open('three')
    says(three, '67')
    expect(shown(three, null, [{ session: 'one', offset: 2 }])).toBe('23[not-watched 0]45[restarted 0]67')
    expect(shown(three, null, [{ session: 'two', offset: 5 }])).toBe('5[restarted 0]67')
    expect(shown(three, 7)).toBe('7')
    expect(three.place(null, [{ session: 'one', offset: 2 }])).toMatchObject({ from: 2, goesOn: true })
  })

  it('tells each seam once to a viewer that comes back to a silent line', async () => {
    const { open } = start()
    const one = await open('one')
    says(one, '0123')
    one.close(false)
    const two = await open('two')
    expect(shown(two, null, [{ session: 'one', offset: 4 }])).toBe('[not-watched 0]')
    expect(shown(two, 4)).toBe('')
    two.close(false)
    expect(shown(await open('three'), null, [{ session: 'two', offset: 4 }])).toBe('[not-watched 0]')
  })

  it('begins anew for a viewer of a session that it does not know', async () => {
    const { open } = start()
    const one = await open('one')
    says(one, '0123')
    one.close(false)
    const two = await open('two')
    expect(two.place(null, [{ session: 'another', offset: 2 }]).goesOn).toBe(false)
    expect(shown(two, null, [{ session: 'another', offset: 2 }])).toBe('0123[not-watched 0]')
  })

  it.each(['x'.repeat(100), `${'x'.repeat(49)}\n${'x'.repeat(50)}`])(
    'knows a session by its tail, however much it said',
    async (text) => {
      const store = new MemoryStore()
      const { open } = start({ store, keptBytes: 1024 })
      const one = await open('one')
      for (let count = 0; count < 100; count += 1) says(one, text)
      // A process that was killed leaves no mark at the end.
      store.line(line).writing = false
      const two = await open('two')
      expect(two.place(null, [{ session: 'one', offset: 9_990 }])).toMatchObject({
        from: 9_990,
        goesOn: true,
      })
    },
  )

  it('names the session between two lines only, so that a mask sees each line in one piece', async () => {
    const store = new MemoryStore()
    const { open } = start({ store, keptBytes: 1024 })
    const one = await open('one')
    const text = `${'x'.repeat(29)}\n`.repeat(400)
    for (let from = 0; from < text.length; from += 77) says(one, text.slice(from, from + 77))
    one.close(false)
    const log = store.line(line)
    const named = (await log.marks(1, log.end)).map(({ at }) => at)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((at) => at % 30 !== 0)).toEqual([])
    expect((await log.read(0, log.end)).bytes.toString()).toBe(text)
  })

  it('keeps the size of the terminals between two lines', async () => {
    const store = new MemoryStore()
    const { open } = start({ store })
    const log = await open('session-1')
    log.resized({ columns: 80, rows: 24 })
    says(log, 'one\nroot@web-1:~# pass')
    log.resized({ columns: 100, rows: 40 })
    log.resized({ columns: 132, rows: 43 })
    says(log, 'word\r\nthree')
    log.resized({ columns: 100, rows: 31 })
    log.close(false)
    const marks = await store.line(line).marks(0, log.end)
    const sizes = marks.flatMap(({ at, mark }) => (mark.kind === 'size' ? [[at, mark]] : []))
    expect(sizes).toEqual([
      [0, { kind: 'size', columns: 80, rows: 24 }],
      ['one\nroot@web-1:~# password\r\n'.length, { kind: 'size', columns: 132, rows: 43 }],
      [log.end, { kind: 'size', columns: 100, rows: 31 }],
    ])
  })

  it('keeps what people mark between two lines, for the next session', async () => {
    const store = new MemoryStore()
    const { open } = start({ store })
    const log = await open('session-1')
    const note = (id: string, at: number) =>
      log.note({ kind: 'note', id, line: at, text: `text ${id}`, by: 'Ann' })
    note('first', 0)
    says(log, 'one\nroot@web-1:~# pass')
    note('second', 4)
    note('third', 2)
    log.note({ kind: 'note-gone', id: 'first', by: 'Bob' })
    says(log, 'word\r\nthree')
    log.close(false)
    const marks = await store.line(line).marks(0, log.end)
    const notes = marks.flatMap(({ at, mark }) =>
      mark.kind === 'note' || mark.kind === 'note-gone' ? [[at, mark.kind, mark.id]] : [],
    )
    const lineEnd = 'one\nroot@web-1:~# password\r\n'.length
    expect(notes).toEqual([
      [0, 'note', 'first'],
      [lineEnd, 'note', 'second'],
      [lineEnd, 'note', 'third'],
      [lineEnd, 'note-gone', 'first'],
    ])
    expect((await open('session-2')).notes).toEqual([
      { id: 'third', at: 2, text: 'text third', by: 'Ann' },
      { id: 'second', at: 4, text: 'text second', by: 'Ann' },
    ])
  })

  it('has little in memory while nobody looks, and all that it should once somebody comes', async () => {
    const { openAtRest } = start()
    const log = await openAtRest('one')
    const text = Array.from({ length: 20_000 }, (_, number) => `line ${number}\n`).join('')
    for (let from = 0; from < text.length; from += 1_000) says(log, text.slice(from, from + 1_000))
    expect(log.end - log.ring.start).toBe(32 * 1024)
    const waking = log.wake()
    says(log, 'meanwhile\n')
    await waking
    const back = shown(log)
    expect(`${text}meanwhile\n`.endsWith(back)).toBe(true)
    expect(back).toMatch(/^line \d+\n/)
    expect(back.length).toBeGreaterThan(KEPT - 4 * 1024)
    expect(log.place(100, [])).toMatchObject({ from: 100, goesOn: true })
    log.rest()
    expect(log.end - log.ring.start).toBe(32 * 1024)
    await log.wake()
    expect(back.endsWith(shown(log))).toBe(true)
    expect(shown(log).length).toBeGreaterThan(KEPT - 4 * 1024)
    log.close(false)

    const two = await openAtRest('two')
    expect(two.end - two.ring.start).toBeLessThanOrEqual(32 * 1024)
    await two.wake()
    expect(`${text}meanwhile\n[not-watched 0]`.endsWith(shown(two))).toBe(true)
    expect(shown(two).length).toBeGreaterThan(KEPT - 4 * 1024)
  })

  it('shows what memory has where the store cannot be read', async () => {
    const store = new MemoryStore()
    const { openAtRest } = start({ store })
    const log = await openAtRest('one')
    says(log, 'x'.repeat(40 * 1024))
    store.line(line).read = () => Promise.reject(new Error('no disk'))
    await log.wake()
    expect(shown(log)).toHaveLength(32 * 1024)
  })

  /** A store whose disk takes its time. */
  function slowStore() {
    let open: () => void = () => {}
    class Slow extends MemoryStore {
      override async open(ref: LineRef): Promise<LineWriter> {
        await new Promise<void>((resolve) => {
          open = resolve
        })
        return super.open(ref)
      }
    }
    return { store: new Slow(), open: () => open() }
  }

  it('keeps a console waiting for three seconds at most, and lets go of a store that opens later', async () => {
    const { store, open } = slowStore()
    const { openAtRest, clock, logged } = start({ store })
    const opening = openAtRest('one')
    clock.advance(3_000)
    says(await opening, 'on')
    expect(logged.join()).toContain('takes too long')
    open()
    await new Promise(setImmediate)
    expect(store.line(line)).toMatchObject({ writing: false, end: 0 })
  })

  it('waits for a slow store where nobody else waits, so that a watched line is kept', async () => {
    const { store, open } = slowStore()
    const { openAtRest, clock, logged } = start({ store })
    const opening = openAtRest('one', { unattended: true })
    clock.advance(14_000)
    open()
    says(await opening, 'kept')
    expect([logged, store.line(line).end]).toEqual([[], 4])
  })

  it('begins its tail at a line’s start, if one is near', async () => {
    const { open } = start({ keptBytes: 10 })
    const one = await open('one')
    says(one, 'a long line\nnext\n')
    one.close(false)
    expect(shown(await open('two'))).toBe('next\n[not-watched 0]')
  })

  it('shows what came before a gap that it ends with', async () => {
    const store = new MemoryStore()
    const { open } = start({ store })
    const one = await open('one')
    says(one, 'kept')
    store.line(line).lose(100, 0)
    one.close(false)
    const two = await open('two')
    expect(two.began).toBe(104)
    expect(shown(two, null, [{ session: 'one', offset: 2 }])).toBe('kept[not-watched 0]')
  })

  it('is in memory only where its folder fails, and says so', async () => {
    class Broken extends MemoryStore {
      override open(): Promise<LineWriter> {
        return Promise.reject(new Error('no space'))
      }
    }
    const { open, logged } = start({ store: new Broken() })
    const log = await open('one')
    says(log, 'on')
    log.close(false)
    expect(shown(log)).toBe('on')
    expect(logged.join()).toContain('no space')
  })

  it('shows every page each byte once, with a seam at each break, whatever is cut, ended and killed', async () => {
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('says' as const), lines: fc.nat(5) }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('sync' as const) }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('cut' as const), who: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('reload' as const), who: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('end' as const), restarting: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('kill' as const) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('lost' as const) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 60 }), async (events) => {
        const store = new SlowStore()
        const { open } = start({ store })
        let session = 0
        let log = await open('session-0')
        let said = 0
        /** What no page that comes now can know */
        const gone = new Set<number>()
        let kept = 0
        const pages = [new Page(), new Page()]
        const attach = () => {
          for (const page of pages) page.attach(log, `session-${session}`)
        }
        const next = async () => {
          session += 1
          log = await open(`session-${session}`)
          attach()
        }
        attach()
        for (const each of events) {
          switch (each.type) {
            case 'says': {
              const bytes = Buffer.from(Array.from({ length: each.lines }, () => `#${said++}\n`).join(''))
              log.append(bytes)
              for (const page of pages) page.follow(bytes)
              break
            }
            case 'sync':
              store.sync()
              kept = said
              break
            case 'cut':
              pages[each.who]?.attach(log, `session-${session}`)
              break
            case 'reload':
              pages[each.who] = new Page()
              pages[each.who]?.attach(log, `session-${session}`)
              break
            case 'lost':
              log.lineLost()
              break
            case 'end':
              log.close(each.restarting)
              store.sync()
              kept = said
              await next()
              break
            case 'kill':
              store.kill()
              for (; kept < said; kept += 1) gone.add(kept)
              await next()
          }
        }
        for (const page of pages) {
          expect(page.numbers).toEqual([...new Set(page.numbers)].sort((one, other) => one - other))
          const missing = Array.from({ length: said }, (_, number) => number).filter(
            (number) => !page.numbers.includes(number),
          )
          expect(missing.filter((number) => !gone.has(number))).toEqual([])
        }
      }),
    )
  })
})

/** A store that keeps nothing before it is synced, so that a kill loses it. */
class SlowStore extends MemoryStore {
  #waiting: (() => void)[] = []

  override async open(ref: LineRef): Promise<LineWriter> {
    const writer = await super.open(ref)
    let { end } = writer
    return {
      get end() {
        return end
      },
      lost: 0,
      losing: null,
      append: (bytes, time) => {
        end += bytes.length
        this.#waiting.push(() => writer.append(bytes, time))
      },
      mark: (mark, time) => void this.#waiting.push(() => writer.mark(mark, time)),
      close: () => void this.#waiting.push(() => writer.close()),
    }
  }

  sync(): void {
    for (const write of this.#waiting.splice(0)) write()
  }

  kill(): void {
    this.#waiting = []
    this.line(line).writing = false
  }
}

/** A page that keeps what it has shown, and comes back with its offset. */
class Page {
  readonly numbers: number[] = []
  #point: ResumePoint | null = null
  #log: LineLog | null = null
  #cursor: ViewerCursor | null = null
  #text = ''

  attach(log: LineLog, session: string): void {
    const same = this.#point?.session === session
    const place = same
      ? log.place(this.#point?.offset ?? null, [])
      : log.place(null, this.#point ? [this.#point, ...this.#follows()] : [])
    const port = {
      bufferedBytes: 0,
      send: (bytes: Buffer) => {
        this.#text += bytes
        point.offset += bytes.length
        const lines = this.#text.split('\n')
        this.#text = lines.pop() ?? ''
        this.numbers.push(...lines.map((each) => Number(each.slice(1))))
      },
      notify() {},
      close() {},
    }
    if (!place.goesOn) {
      // It has nothing, or only what the log does not know.
      expect(this.numbers.length === 0 || this.#point?.session !== session).toBe(true)
    }
    const cursor = new ViewerCursor(port, log, place)
    const point = { session, offset: cursor.position }
    this.#point = point
    this.#cursor = cursor
    this.#log = log
    cursor.pump()
  }

  #follows(): ResumePoint[] {
    const [log, point] = [this.#log, this.#point]
    if (!point || !log?.follows) return []
    return [{ session: log.follows, offset: Math.min(point.offset, log.began) }]
  }

  follow(bytes: Buffer): void {
    this.#cursor?.follow(bytes)
  }
}
