import pino from 'pino'
import { describe, expect, it, vi } from 'vitest'
import type { EndReason } from '../../shared/recording.ts'
import type { LineState, RelayMessage } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../../testing/line-log.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { LineLog } from '../line-log/line-log.ts'
import { LineLogs } from '../line-log/line-logs.ts'
import { LineHealth } from '../metrics/line-health.ts'
import { noMeter } from '../metrics/meter.ts'
import type { Holder } from './holder.ts'
import type { LineHandlers, LinePort } from './line.ts'
import type { Joining, ViewerEvent } from './members.ts'
import { Session } from './session.ts'
import type { SessionOptions } from './session-options.ts'
import type { RecordingEvent, RecordingOutcome } from './session-recording.ts'
import type { AttachedViewer } from './viewer-port.ts'

const KIB = 1024
const RING = 256 * KIB
const WINDOW = 2 * RING
/** How much is kept in all. */
const KEPT = WINDOW + 128 * KIB

/** A line that the test controls. */
class FakeLine implements LinePort {
  opened = 0
  closed = false
  paused = false
  retries = 0
  attentions = 0
  typed = ''
  state: LineState = { type: 'state', gateway: 'opening', attempt: 0, failure: null }
  /** Whether what is sent leaves this process, and whether the gateway shows that it has it. */
  takes: 'nothing' | 'written' | 'proved' = 'proved'
  #sent = 0
  constructor(readonly handlers: LineHandlers) {}
  open = () => this.opens()
  opens = () => {
    this.opened += 1
    this.#sent = 0
    this.opening()
    this.is({ type: 'state', gateway: 'open', line: this.opened })
  }
  opening = () => this.is({ type: 'state', gateway: 'opening', attempt: 0, failure: null })
  is = (state: LineState) => {
    this.state = state
    this.handlers.onState(state)
  }
  send = (bytes: Buffer) => {
    this.typed += bytes.toString()
    this.#sent += bytes.length
    if (this.takes !== 'nothing') this.handlers.onWritten(this.#sent)
    if (this.takes === 'proved') this.proves()
  }
  /** The gateway shows that it has all but so many of the bytes. */
  proves = (butLast = 0) => this.handlers.onProved(this.#sent - butLast, 'pong')
  retryNow = () => {
    this.retries += 1
  }
  attended = () => {
    this.attentions += 1
  }
  pause = () => {
    this.paused = true
  }
  resume = () => {
    this.paused = false
  }
  close = async () => {
    this.closed = true
  }
  says = (text: string | Buffer) => this.handlers.onBytes(Buffer.from(text))
  lost = (cause: 'gateway-closed' = 'gateway-closed') =>
    this.is({ type: 'state', gateway: 'lost', failure: { cause }, retryInMs: 1000 })
}

function start(options: Partial<SessionOptions> = {}) {
  let line: FakeLine | undefined
  const released = vi.fn()
  const clock = new ManualClock()
  const session = new Session({
    id: 'session-1',
    serverId: 'linux-1',
    log: pino({ level: 'silent' }),
    lineLog: new LineLog({ session: 'session-1', keptBytes: RING, clock, wall: clock, stored: null }),
    graceMs: 60_000,
    maxViewers: 10,
    maxViewersPerUser: 10,
    idleMs: null,
    totalMs: null,
    health: new LineHealth(noMeter, clock),
    openLine: (handlers) => {
      line = new FakeLine(handlers)
      return line
    },
    recording: null,
    onReleased: released,
    clock,
    ...options,
  })
  if (!line) throw new Error('A session makes its line at once.')
  /** Clients that a lost line has not yet been heard by. */
  const late = new Set<string>()
  /** Joins a viewer that acknowledges all it gets, unless it is slow. */
  const join = (
    client: string,
    offset: number | null = null,
    slow = false,
    rights: Partial<Omit<Joining, 'client' | 'offset' | 'onEvent'>> = {},
  ) => {
    const messages: RelayMessage[] = []
    const events: ViewerEvent[] = []
    let received = Buffer.alloc(0)
    let position = 0
    let viewer: AttachedViewer | null = null
    const port = {
      bufferedBytes: 0,
      closed: false,
      send(bytes: Buffer) {
        received = Buffer.concat([received, bytes])
        position += bytes.length
        if (!slow) queueMicrotask(() => viewer?.message({ type: 'ack', offset: position }))
      },
      notify(message: RelayMessage) {
        messages.push(message)
        if (message.type === 'hello') position = message.replayFrom
        if (message.type === 'gap') position += message.lostBytes
        const lost = message.type === 'state' && message.gateway === 'lost'
        if (lost && !late.has(client)) viewer?.message({ type: 'heard' })
      },
      close() {
        port.closed = true
      },
    }
    viewer = session.attach(port, {
      client,
      offset,
      earlier: [],
      person: client,
      party: client,
      name: client.slice(0, 3),
      mayWrite: true,
      mayRecord: true,
      mayEnd: false,
      input: { stream: `stream-of-${client}`, known: 0 },
      before: null,
      onEvent: (event) => void events.push(event),
      ...rights,
    })
    const last = <T extends RelayMessage['type']>(type: T) =>
      messages.findLast((message): message is Extract<RelayMessage, { type: T }> => message.type === type)
    return {
      ...viewer,
      port,
      messages,
      events,
      last,
      count: (type: RelayMessage['type']) => messages.filter((message) => message.type === type).length,
      text: () => received.toString(),
      length: () => received.length,
      position: () => position,
      role: () => last('viewers')?.viewers.find(({ id }) => id === last('hello')?.you)?.role,
      ackAll: () => viewer.message({ type: 'ack', offset: position }),
    }
  }
  /** Joins a viewer that may only watch. */
  const joinToWatch = (client: string) => join(client, null, false, { mayWrite: false, mayRecord: false })
  return { session, line, released, clock, join, joinToWatch, late }
}

function holder() {
  return {
    identity: person('service'),
    opened: vi.fn(),
    lost: vi.fn<Holder['lost']>(() => ({ wait: 600_000, cancel() {} })),
    ended: vi.fn(),
  } satisfies Holder
}

const recorder = () => {
  const told: string[] = []
  let end: (end: RecordingOutcome & { id: string }) => void = () => {}
  const ended = new Promise<RecordingOutcome & { id: string }>((resolve) => {
    end = resolve
  })
  const onByItself = vi.fn<(event: RecordingEvent) => void>()
  let tell: (event: RecordingEvent) => void = () => {}
  const recording = {
    id: 'recording-1',
    isOn: true,
    output: (bytes: Uint8Array) => void told.push(`o:${Buffer.from(bytes)}`),
    input: (bytes: Uint8Array) => void told.push(`i:${Buffer.from(bytes)}`),
    marker: (text: string) => void told.push(`m:${text}`),
    resized() {},
    retryNow: vi.fn(),
    async stop(why: EndReason) {
      told.push(`stop:${Object.values(why).join(' ')}`)
      end({ id: 'recording-1', state: 'complete', why })
    },
    ended,
  }
  const start = vi.fn((_by: string | null, tells: (event: RecordingEvent) => void) => {
    tell = tells
    return recording
  })
  return { told, start, recording, onByItself, tell: (event: RecordingEvent) => tell(event) }
}

const [ada, bob, cyd] = ['ada-ada-ada-ada-ada', 'bob-bob-bob-bob-bob', 'cyd-cyd-cyd-cyd-cyd']

describe('resuming', () => {
  it('tells who comes while the line is lost how long the wait still is', () => {
    const { line, join } = start()
    join(ada)
    line.lost()
    line.state = { type: 'state', gateway: 'lost', failure: { cause: 'gateway-closed' }, retryInMs: 300 }
    expect(join(bob).last('state')).toEqual(line.state)
  })

  it('opens the line for the first viewer only', () => {
    const { line, join } = start()
    expect(line.opened).toBe(0)
    join(ada)
    join(bob)
    expect(line.opened).toBe(1)
  })

  it('gives a late viewer all that is kept, as history, then what comes', () => {
    const { line, join } = start()
    join(ada)
    line.says('boot ')
    const late = join(bob)
    expect(late.last('hello')).toMatchObject({ offset: 5, replayFrom: 0 })
    expect(late.text()).toBe('boot ')
    expect(late.messages.at(-1)).toEqual({ type: 'live' })
    line.says('login:')
    expect(late.text()).toBe('boot login:')
  })

  it('goes on at the viewer’s own offset: nothing lost, nothing doubled', () => {
    const { line, join } = start()
    const first = join(ada)
    line.says('0123')
    first.left()
    line.says('456')
    const again = join(ada, 4)
    line.says('789')
    expect(first.text() + again.text()).toBe('0123456789')
  })

  it('tells of bytes that are no longer kept', () => {
    const { clock, line, join } = start()
    join(ada).left()
    for (let count = 0; count < 11; count++) line.says(Buffer.alloc(64 * KIB, 'x'))
    clock.advance(11_000)
    const again = join(ada, 10)
    expect(again.last('hello')).toMatchObject({ replayFrom: 64 * KIB })
  })

  it('treats an offset from the future as another stream’s', () => {
    const { line, join } = start()
    join(bob)
    line.says('abc')
    const viewer = join(ada, 1_000)
    expect(viewer.last('hello')).toMatchObject({ replayFrom: 0 })
    expect(viewer.text()).toBe('abc')
  })

  it('puts the seam where the line was away, for those who were there and those who come later', () => {
    const { clock, line, join } = start()
    const there = join(ada)
    line.says('before ')
    line.lost()
    clock.advance(3_000)
    line.opens()
    line.says('after')
    expect(there.last('seam')).toEqual({ type: 'seam', why: 'line-lost', awayMs: 3_000 })
    const late = join(bob)
    const at = late.messages.findIndex(({ type }) => type === 'seam')
    expect(at).toBeGreaterThan(-1)
    expect(late.text()).toBe('before after')
    expect(there.messages.filter(({ type }) => type === 'seam')).toHaveLength(1)
  })

  it('lets a tab that comes back replace itself, and tells the one that is left', () => {
    const { join } = start()
    const first = join(ada)
    const again = join(ada)
    expect(first.last('closing')).toEqual({ type: 'closing', failure: { cause: 'taken-over' }, input: 0 })
    expect(first.port.closed).toBe(true)
    expect(again.last('viewers')?.viewers).toHaveLength(1)
    expect(again.role()).toBe('writer')
  })
})

describe('flow', () => {
  it('stops reading the gateway when the writer is a window behind, and goes on when it acknowledges', () => {
    const { line, join } = start()
    const writer = join(ada, null, true)
    line.says(Buffer.alloc(WINDOW - 1))
    expect(line.paused).toBe(false)
    line.says('x')
    expect(line.paused).toBe(true)
    expect(writer.length()).toBe(WINDOW)
    writer.ackAll()
    expect(line.paused).toBe(false)
  })

  it('never waits for a slow watcher: it is skipped ahead, and told how far', async () => {
    const { line, join } = start()
    join(ada)
    const slow = join(bob, null, true)
    const block = 64 * KIB
    for (let count = 0; count < 20; count++) {
      line.says(Buffer.alloc(block, 'x'))
      // The writer’s acknowledgement comes in between.
      await Promise.resolve()
    }
    expect(line.paused).toBe(false)
    const before = slow.length()
    expect(before).toBeLessThanOrEqual(WINDOW + block)
    slow.ackAll()
    expect(slow.last('gap')).toEqual({ type: 'gap', lostBytes: 20 * block - KEPT - before })
    while (slow.position() < 20 * block) slow.ackAll()
    expect(slow.length()).toBe(before + KEPT)
  })

  it('waits a moment for a writer that is away, so that a reload in a flood loses nothing', () => {
    const { clock, line, join } = start()
    const writer = join(ada)
    line.says('start')
    writer.ackAll()
    writer.left()
    line.says(Buffer.alloc(WINDOW, 'x'))
    expect(line.paused).toBe(true)
    const again = join(ada, 5)
    expect(again.last('hello')).toMatchObject({ replayFrom: 5 })
    again.left()
    clock.advance(10_001)
    expect(line.paused).toBe(false)
  })

  it('goes on after the writer is back, though it lacks too little to acknowledge', () => {
    const { line, join } = start()
    const viewer = join(ada, null, true)
    line.says(Buffer.alloc(WINDOW - 10 * KIB))
    viewer.left()
    line.says(Buffer.alloc(10 * KIB))
    expect(line.paused).toBe(true)
    const ackBytes = viewer.last('hello')?.ackBytes ?? 0
    const again = join(ada, viewer.position(), true)
    expect(again.length()).toBeLessThan(ackBytes)
    expect(line.paused).toBe(false)
  })

  it('goes on after five seconds without a writer that takes nothing, which is then told what it missed', () => {
    const { clock, line, join } = start()
    const [writer, watcher] = [join(ada, null, true), join(bob, null, true)]
    line.says(Buffer.alloc(WINDOW))
    watcher.ackAll()
    expect(line.paused).toBe(true)
    clock.advance(4_999)
    expect(line.paused).toBe(true)
    clock.advance(1)
    expect(line.paused).toBe(false)
    for (let count = 0; count < 20; count++) {
      line.says(Buffer.alloc(64 * KIB, 'x'))
      watcher.ackAll()
    }
    expect(line.paused).toBe(false)
    expect(watcher.position()).toBe(WINDOW + 20 * 64 * KIB)
    expect(watcher.last('gap')).toBeUndefined()
    // It hung, and wakes up. The keyboard is still there.
    expect(writer.role()).toBe('writer')
    writer.ackAll()
    expect(writer.last('gap')).toEqual({ type: 'gap', lostBytes: 20 * 64 * KIB - KEPT })
    while (writer.position() < WINDOW + 20 * 64 * KIB) writer.ackAll()
    writer.ackAll()
    // It takes in again, so it is waited for again.
    line.says(Buffer.alloc(WINDOW))
    expect(line.paused).toBe(true)
  })

  it('waits as long as it must for a writer that is slow, and not for one that takes a byte at a time', () => {
    const { clock, line, join } = start()
    const writer = join(ada, null, true)
    let taken = 0
    const take = (bytes: number) => {
      taken += bytes
      writer.message({ type: 'ack', offset: taken })
      while (!line.paused) line.says(Buffer.alloc(KIB))
    }
    line.says(Buffer.alloc(WINDOW))
    for (let second = 0; second < 60; second++) {
      take(16 * KIB)
      clock.advance(1_000)
      expect(line.paused).toBe(true)
    }
    for (let second = 0; second < 10 && line.paused; second++) {
      take(1)
      clock.advance(1_000)
    }
    expect(line.paused).toBe(false)
    writer.message({ type: 'ack', offset: taken + 1 })
    line.says(Buffer.alloc(KIB))
    expect(line.paused).toBe(false)
  })

  it('does not begin a new wait when the keyboard moves to another that takes nothing', () => {
    const { clock, line, join } = start()
    const [first, second] = [join(ada, null, true), join(bob, null, true)]
    line.says(Buffer.alloc(WINDOW))
    clock.advance(4_000)
    expect(line.paused).toBe(true)
    second.message({ type: 'take' })
    expect(line.paused).toBe(false)
    line.says(Buffer.alloc(WINDOW))
    first.message({ type: 'take' })
    expect(line.paused).toBe(false)
  })

  it('goes on after five seconds without a writer that reloads again and again', () => {
    const { clock, line, join } = start()
    let writer = join(ada, 0, true)
    line.says(Buffer.alloc(WINDOW))
    for (let second = 0; second < 5; second++) {
      expect(line.paused).toBe(true)
      writer.left()
      writer = join(ada, 0, true)
      clock.advance(1_000)
    }
    expect(line.paused).toBe(false)
    writer.left()
    join(ada, 0, true)
    expect(line.paused).toBe(false)
  })
})

describe('the keyboard', () => {
  it('is the first viewer’s; what others type goes nowhere, and they are told', () => {
    const { line, join } = start()
    const [writer, watcher] = [join(ada), join(bob)]
    writer.input(Buffer.from('ls'))
    watcher.input(Buffer.from('rm'))
    expect(line.typed).toBe('ls')
    const dropped = { from: 0, to: 2, why: 'not-writer', fate: 'never-sent' }
    expect(watcher.last('dropped')).toEqual({ type: 'dropped', ...dropped })
    expect([writer.role(), watcher.role()]).toEqual(['writer', 'viewer'])
  })

  it('is taken, handed over and let go', () => {
    const { line, join } = start()
    const [first, second] = [join(ada), join(bob)]
    second.message({ type: 'take' })
    expect([first.role(), second.role()]).toEqual(['viewer', 'writer'])
    first.message({ type: 'hand', viewer: first.last('hello')?.you ?? '' })
    expect(first.role()).toBe('viewer')
    second.message({ type: 'hand', viewer: first.last('hello')?.you ?? '' })
    expect(first.role()).toBe('writer')
    first.message({ type: 'release' })
    expect([first.role(), second.role()]).toEqual(['viewer', 'viewer'])
    first.input(Buffer.from('x'))
    expect(line.typed).toBe('')
  })

  it('waits for a writer that reloads, then is free among those who watch', () => {
    const { clock, join } = start()
    const writer = join(ada)
    const [second, third] = [join(bob), join(cyd)]
    writer.left()
    const back = join(ada)
    expect(back.role()).toBe('writer')
    back.left()
    clock.advance(9_000)
    second.input(Buffer.from('x'))
    expect(second.last('dropped')).toBeDefined()
    clock.advance(2_000)
    expect([second.role(), third.role()]).toEqual(['viewer', 'viewer'])
    second.message({ type: 'take' })
    expect([second.role(), third.role()]).toEqual(['writer', 'viewer'])
  })

  it('that comes to somebody unasked is told of them, with who handed it over', () => {
    const { clock, join, joinToWatch } = start()
    const [first, second] = [join(ada), join(bob)]
    first.message({ type: 'hand', viewer: second.last('hello')?.you ?? '' })
    second.message({ type: 'take' })
    expect(second.events).toEqual([{ type: 'joined' }, { type: 'got-keyboard', from: 'ada' }])
    // Its writer is sent away, or does not come back.
    second.left('sign-in-needed')
    expect(first.events.at(-1)).toEqual({ type: 'got-keyboard', from: null })
    const third = join(cyd)
    first.left()
    clock.advance(11_000)
    expect(third.events).toEqual([{ type: 'joined' }, { type: 'got-keyboard', from: null }])
    // It is free for who comes next, but not for one who may not write, nor anew for who comes back.
    third.message({ type: 'release' })
    expect(joinToWatch('vic-vic-vic-vic-vic').events).toEqual([{ type: 'joined' }])
    expect(join(bob).events).toEqual([{ type: 'joined' }, { type: 'got-keyboard', from: null }])
    expect(join(bob).events).toEqual([{ type: 'joined' }])
  })

  it('stays with the same viewer, under the same number, through a reload', () => {
    const { join } = start()
    join(ada)
    const viewer = join(bob)
    viewer.left()
    join(cyd)
    const again = join(bob)
    expect(again.last('viewers')?.viewers.map(({ number }) => number)).toEqual([1, 3, 2])
  })

  it('falls to the one who is left alone', () => {
    const { clock, join } = start()
    const writer = join(ada)
    const watcher = join(bob)
    writer.left()
    expect(watcher.role()).toBe('viewer')
    clock.advance(11_000)
    expect(watcher.role()).toBe('writer')
  })

  it('tries a lost line now where a viewer asks for that', () => {
    const { line, joinToWatch } = start()
    const watcher = joinToWatch(ada)
    line.lost()
    watcher.message({ type: 'retry' })
    expect(line.retries).toBe(1)
  })

  it('ignores empty frames', () => {
    const { line, clock, join } = start({ idleMs: 600_000 })
    const [writer, watcher] = [join(ada), join(bob)]
    const sent = vi.spyOn(line, 'send')
    for (const viewer of [writer, watcher]) viewer.input(Buffer.alloc(0))
    expect(sent).not.toHaveBeenCalled()
    expect(watcher.count('dropped')).toBe(0)
    clock.advance(600_000)
    expect(line.closed).toBe(true)
  })
})

describe('input', () => {
  const type = (viewer: { input(bytes: Buffer): void }, text: string) => viewer.input(Buffer.from(text))
  /** What a viewer was told of its bytes, in short. */
  const receipts = ({ messages }: { messages: RelayMessage[] }) =>
    messages.flatMap((message) => {
      if (message.type === 'taken') return [`<${message.upTo} ${message.proof}`]
      if (message.type !== 'dropped') return []
      return [`${message.from}-${message.to} ${message.why} ${message.fate}`]
    })

  it('is numbered from 0 in each stream, and each byte is taken when the gateway shows that it has it', () => {
    const { line, join } = start()
    const writer = join(ada)
    expect(writer.last('hello')).toMatchObject({
      line: 0,
      input: { next: 0, proved: 0, window: 16 * KIB, dropped: [], isNew: true },
      before: null,
    })
    line.takes = 'written'
    type(writer, 'root')
    expect(receipts(writer)).toEqual([])
    line.proves(1)
    line.proves()
    expect(receipts(writer)).toEqual(['<3 pong', '<4 pong'])
  })

  it('counts for the next line as soon as one is lost: what waits in a page was meant for the old one', () => {
    const { line, join } = start()
    join(ada).left()
    const lineOf = () => join(ada).last('hello')?.line
    expect(lineOf()).toBe(1)
    line.lost()
    expect(lineOf()).toBe(2)
    line.opening()
    expect(lineOf()).toBe(2)
    line.lost()
    expect(lineOf()).toBe(2)
    line.opens()
    expect(lineOf()).toBe(2)
  })

  it('goes on where it was when the page comes back, which learns what became of it meanwhile', () => {
    const { line, join } = start()
    const writer = join(ada)
    line.takes = 'written'
    type(writer, 'ls')
    writer.left()
    line.proves()
    const again = join(ada, 0, false, { input: { stream: `stream-of-${ada}`, known: 0 } })
    expect(again.last('hello')).toMatchObject({
      line: 1,
      input: { next: 2, proved: 2, dropped: [], isNew: false },
    })
    line.takes = 'proved'
    type(again, '\r')
    expect(receipts(again)).toEqual(['<3 pong'])
    expect(line.typed).toBe('ls\r')
  })

  it('takes no byte of a connection that was replaced', () => {
    const { line, join } = start()
    const old = join(ada)
    type(old, 'a')
    const again = join(ada)
    type(old, 'b')
    old.message({ type: 'release' })
    expect(line.typed).toBe('a')
    expect(again.last('hello')).toMatchObject({ input: { next: 1 } })
    expect(again.role()).toBe('writer')
  })

  it('is told of after a reload, though the page types on another stream then', () => {
    const { line, join } = start()
    const writer = join(ada)
    line.takes = 'nothing'
    type(writer, 'x'.repeat(5 * KIB))
    line.lost()
    type(writer, 'never')
    writer.left()
    const again = join(ada, 0, false, {
      input: { stream: 'stream-of-the-reloaded', known: 0 },
      before: { stream: `stream-of-${ada}`, known: 1 },
    })
    expect(again.last('hello')).toMatchObject({
      input: { next: 0, isNew: true },
      before: {
        next: 5 * KIB + 5,
        proved: 5 * KIB + 5,
        dropped: [
          { from: 1, to: 4 * KIB, why: 'line-lost', fate: 'unknown' },
          { from: 4 * KIB, to: 5 * KIB, why: 'line-lost', fate: 'never-sent' },
          { from: 5 * KIB, to: 5 * KIB + 5, why: 'line-down', fate: 'never-sent' },
        ],
      },
    })
  })

  it('of a stream that this session does not know begins where the page says', () => {
    const { join } = start()
    const viewer = join(ada, null, false, {
      input: { stream: 'stream-of-another-session', known: 7 },
      before: { stream: 'stream-of-nobody-here', known: 3 },
    })
    expect(viewer.last('hello')).toMatchObject({ input: { next: 7, proved: 7, isNew: true }, before: null })
  })

  it('of one tab is nobody else’s: who names its stream gets another', () => {
    const { join } = start()
    const writer = join(ada)
    type(writer, 'secret')
    const input = { stream: `stream-of-${ada}`, known: 0 }
    const other = join(bob, null, false, { input, before: input })
    expect(other.last('hello')).toMatchObject({ input: { next: 0, isNew: true }, before: null })
  })

  it('that comes while the line is down goes nowhere, and that which waits for its first connection is sent', () => {
    const { line, join } = start()
    line.open = () => {
      line.opening()
    }
    const writer = join(ada)
    type(writer, 'early')
    expect(receipts(writer)).toEqual([])
    line.lost()
    expect(receipts(writer)).toEqual(['0-5 line-down never-sent'])
    type(writer, 'down')
    expect(receipts(writer).at(-1)).toBe('5-9 line-down never-sent')
    line.opening()
    type(writer, 'in time')
    line.is({ type: 'state', gateway: 'open', line: 1 })
    expect(line.typed).toBe('in time')
  })

  it('that was sent before its page heard of the loss does not go to the next line', () => {
    const { line, join, late } = start()
    const writer = join(ada)
    type(writer, 'rm -r ')
    late.add(ada)
    line.lost()
    line.opening()
    type(writer, '/tmp')
    writer.message({ type: 'answer', text: '\x1b[1;1R' })
    line.is({ type: 'state', gateway: 'open', line: 2 })
    type(writer, '/x\r')
    expect(receipts(writer).slice(-2)).toEqual(['6-10 line-lost never-sent', '10-13 line-lost never-sent'])
    writer.message({ type: 'heard' })
    type(writer, 'ls\r')
    expect(line.typed).toBe('rm -r ls\r')
  })

  it('of a viewer who joined a lost line waits until it has heard of each loss', () => {
    const { line, join, late } = start()
    join(bob)
    line.lost()
    late.add(ada)
    line.state = { type: 'state', gateway: 'lost', failure: { cause: 'gateway-closed' }, retryInMs: 300 }
    const writer = join(ada)
    writer.message({ type: 'take' })
    line.lost()
    line.opening()
    writer.message({ type: 'heard' })
    type(writer, 'too early')
    writer.message({ type: 'heard' })
    type(writer, 'ls')
    line.is({ type: 'state', gateway: 'open', line: 2 })
    expect(line.typed).toBe('ls')
  })

  it('that has not left comes back to the old writer before the new one’s first byte goes out', () => {
    const { line, join } = start()
    const [first, second] = [join(ada), join(bob)]
    line.takes = 'nothing'
    type(first, 'a'.repeat(6 * KIB))
    second.message({ type: 'take' })
    expect(receipts(first)).toEqual([`${4 * KIB}-${6 * KIB} not-writer never-sent`])
    type(second, 'b')
    line.takes = 'proved'
    line.handlers.onWritten(4 * KIB)
    expect(line.typed).toBe(`${'a'.repeat(4 * KIB)}b`)
    expect(receipts(first).at(-1)).toBe(`<${4 * KIB} pong`)
    expect(receipts(second)).toEqual(['<1 pong'])
  })

  it('waits for a writer that reloads, and comes back to it once the keyboard is another’s', () => {
    const { clock, line, join } = start()
    const writer = join(ada)
    join(bob)
    line.takes = 'nothing'
    type(writer, 'a'.repeat(5 * KIB))
    writer.left()
    clock.advance(11_000)
    expect(join(ada).last('hello')).toMatchObject({
      input: { dropped: [{ from: 4 * KIB, to: 5 * KIB, why: 'not-writer', fate: 'never-sent' }] },
    })
  })

  it('is counted for the tab that typed it, though it was reloaded before it left', () => {
    const { line, join } = start()
    const writer = join(ada)
    line.takes = 'nothing'
    type(writer, 'a'.repeat(5 * KIB))
    writer.left()
    expect(writer.events.at(-1)).toMatchObject({ type: 'left', typedBytes: 4 * KIB })
    const reloaded = join(ada, null, false, { input: { stream: 'another-stream-of-ada', known: 0 } })
    line.handlers.onWritten(4 * KIB)
    reloaded.left()
    expect(reloaded.events.at(-1)).toMatchObject({ type: 'left', typedBytes: KIB })
  })

  it('is bounded: a page that sends more than its window is closed, and nobody else waits for it', () => {
    const { line, join } = start()
    const [writer, watcher] = [join(ada), join(bob)]
    line.takes = 'nothing'
    type(writer, 'a'.repeat(16 * KIB))
    expect(writer.port.closed).toBe(false)
    type(writer, 'b')
    expect(writer.last('closing')).toMatchObject({ failure: { cause: 'protocol-error' } })
    expect(writer.events.at(-1)).toMatchObject({ type: 'left', typedBytes: 4 * KIB, cause: 'protocol-error' })
    expect(watcher.role()).toBe('writer')
    type(watcher, 'c')
    line.takes = 'proved'
    line.handlers.onWritten(4 * KIB)
    expect(line.typed).toBe(`${'a'.repeat(4 * KIB)}c`)
  })

  it('gets its fate before the session says that it ends', () => {
    const { session, line, join } = start()
    const writer = join(ada)
    line.takes = 'nothing'
    type(writer, 'a'.repeat(5 * KIB))
    session.end({ cause: 'time-limit' })
    expect(receipts(writer)).toEqual([
      `0-${4 * KIB} line-lost unknown`,
      `${4 * KIB}-${5 * KIB} line-lost never-sent`,
    ])
    expect(writer.messages.at(-1)).toMatchObject({ type: 'closing' })
  })
})

describe('what a terminal answers', () => {
  it('goes to the machine from the writer alone, and counts nowhere as typing', () => {
    const { told, start: startRecording, onByItself } = recorder()
    const { line, clock, join } = start({
      idleMs: 600_000,
      recording: { mode: 'always', start: startRecording, onByItself, mayStart: () => true },
    })
    const [writer, watcher] = [join(ada), join(bob)]
    for (const viewer of [watcher, writer]) viewer.message({ type: 'answer', text: '\u001b[1;1R' })
    expect(line.typed).toBe('\u001b[1;1R')
    expect([watcher, writer].map((viewer) => viewer.count('dropped') + viewer.count('taken'))).toEqual([0, 0])
    expect(told).toEqual([])
    clock.advance(590_000)
    writer.message({ type: 'answer', text: '\u001b[1;1R' })
    clock.advance(10_000)
    expect(writer.last('closing')).toMatchObject({ failure: { cause: 'idle-limit' } })
    expect(writer.events.at(-1)).toMatchObject({ type: 'left', typedBytes: 0 })
  })

  it('is bounded in its rate', () => {
    const { line, clock, join } = start()
    const writer = join(ada)
    const ask = () => {
      for (let count = 0; count < 1_000; count++) writer.message({ type: 'answer', text: '\u001b[24;80R' })
    }
    ask()
    expect(line.typed.length).toBeLessThanOrEqual(4 * KIB)
    for (let second = 0; second < 10; second++) {
      clock.advance(1_000)
      ask()
    }
    expect(line.typed.length).toBeGreaterThan(20 * KIB)
    expect(line.typed.length).toBeLessThanOrEqual(24 * KIB)
  })

  it('is forgotten where the machine does not read it, and where the line is not open', () => {
    const { line, clock, join } = start()
    const writer = join(ada)
    line.takes = 'nothing'
    for (let second = 0; second < 100; second++) {
      for (let count = 0; count < 20; count++) writer.message({ type: 'answer', text: 'a'.repeat(100) })
      clock.advance(1_000)
    }
    line.takes = 'proved'
    line.handlers.onWritten(4 * KIB)
    expect(line.typed.length).toBeLessThanOrEqual(8 * KIB)
    line.lost()
    const before = line.typed
    writer.message({ type: 'answer', text: 'x' })
    line.opens()
    expect(line.typed).toBe(before)
  })

  it('keeps its place among what the person types', () => {
    const { line, join } = start()
    const writer = join(ada)
    line.takes = 'nothing'
    writer.input(Buffer.alloc(4 * KIB, '.'))
    writer.input(Buffer.from('a'))
    writer.message({ type: 'answer', text: 'b' })
    writer.input(Buffer.from('c'))
    line.takes = 'proved'
    line.handlers.onWritten(4 * KIB)
    expect(line.typed.slice(4 * KIB)).toBe('abc')
    expect(writer.last('taken')).toEqual({ type: 'taken', upTo: 4 * KIB + 2, proof: 'pong' })
  })
})

describe('a viewer that may only watch', () => {
  it('opens the session all the same, and the keyboard is free for the first who may have it', () => {
    const { line, join, joinToWatch } = start()
    const watcher = joinToWatch(ada)
    expect(line.opened).toBe(1)
    expect(watcher.role()).toBe('viewer')
    expect(watcher.last('hello')?.may).toEqual({ write: false, record: false, end: false })
    watcher.input(Buffer.from('rm'))
    expect(line.typed).toBe('')
    const dropped = { from: 0, to: 2, why: 'may-not-write', fate: 'never-sent' }
    expect(watcher.last('dropped')).toEqual({ type: 'dropped', ...dropped })
    line.says('login:')
    expect(watcher.text()).toBe('login:')
    const writer = join(bob)
    expect([watcher.role(), writer.role()]).toEqual(['viewer', 'writer'])
    expect(writer.last('viewers')?.viewers.map(({ mayWrite }) => mayWrite)).toEqual([false, true])
  })

  it('never gets the keyboard: not by taking, not from another, not when left alone', () => {
    const { clock, line, join, joinToWatch } = start()
    const [writer, watcher] = [join(ada), joinToWatch(bob)]
    watcher.message({ type: 'take' })
    watcher.message({ type: 'take' })
    writer.message({ type: 'hand', viewer: watcher.last('hello')?.you ?? '' })
    expect([writer.role(), watcher.role()]).toEqual(['writer', 'viewer'])
    writer.left()
    clock.advance(11_000)
    expect(watcher.role()).toBe('viewer')
    watcher.message({ type: 'take' })
    watcher.input(Buffer.from('rm'))
    expect([watcher.role(), line.typed]).toEqual(['viewer', ''])
    // However often it asks, the refusal is recorded once.
    expect(watcher.events).toEqual([{ type: 'joined' }, { type: 'refused', what: 'take' }])
  })

  it('does not stand in the way of one who may write and is left alone with it', () => {
    const { clock, join, joinToWatch } = start()
    const [writer, second] = [join(ada), join(bob)]
    joinToWatch(cyd)
    writer.left()
    clock.advance(11_000)
    expect(second.role()).toBe('writer')
  })

  it('loses the keyboard that it had when it comes back without the right', () => {
    const { line, join, joinToWatch } = start()
    join(ada).left()
    const again = joinToWatch(ada)
    expect(again.role()).toBe('viewer')
    again.input(Buffer.from('x'))
    expect(line.typed).toBe('')
  })

  it('does not record, nor end what another opened', () => {
    const startRecording = vi.fn()
    const { released, join, joinToWatch } = start({
      recording: { mode: 'on-demand', start: startRecording, onByItself() {}, mayStart: () => true },
    })
    join(ada)
    const watcher = joinToWatch(bob)
    watcher.message({ type: 'record', on: true })
    watcher.message({ type: 'end' })
    expect(startRecording).not.toHaveBeenCalled()
    expect(released).not.toHaveBeenCalled()
    expect(watcher.events.slice(1)).toEqual([
      { type: 'refused', what: 'record' },
      { type: 'refused', what: 'end' },
    ])
  })

  it('holds nobody up: with no writer the gateway is read on, and the slow are skipped ahead', () => {
    const { line, join } = start()
    const slow = join(ada, null, true, { mayWrite: false })
    for (let count = 0; count < 20; count++) line.says(Buffer.alloc(64 * KIB, 'x'))
    expect(line.paused).toBe(false)
    slow.ackAll()
    expect(slow.last('gap')).toBeDefined()
  })
})

describe('what viewers learn of each other', () => {
  it('is its name, the number of the person and of the tab', () => {
    const { join } = start()
    const named = (client: string, person: string, name: string) =>
      join(client, null, false, { person, name })
    named(ada, 'id-1', 'Ada')
    named(bob, 'id-2', 'Ada')
    const third = named(cyd, 'id-1', 'Ada')
    const told = third.last('viewers')?.viewers.map(({ name, number, tab }) => [name, number, tab])
    expect(told).toEqual([
      ['Ada', 1, 1],
      ['Ada', 2, 1],
      ['Ada', 1, 2],
    ])
  })

  it('is what it did, and how much of it', () => {
    const { clock, line, join } = start()
    const [first, second] = [join(ada), join(bob)]
    line.says('login: ')
    second.message({ type: 'take' })
    second.message({ type: 'take' })
    second.input(Buffer.from('root'))
    second.message({ type: 'hand', viewer: first.last('hello')?.you ?? '' })
    second.input(Buffer.from('not sent'))
    clock.advance(5_000)
    second.left()
    expect(second.events).toEqual([
      { type: 'joined' },
      { type: 'took-keyboard' },
      { type: 'handed-keyboard', to: 'ada' },
      { type: 'left', durationMs: 5_000, typedBytes: 4, sentBytes: 7, wrote: true, cause: null },
    ])
    join(ada)
    expect(first.events.at(-1)).toMatchObject({ type: 'left', cause: 'taken-over' })
  })

  it('is why it was sent away; its keyboard is free at once', () => {
    const { session, join } = start()
    const [writer, other] = [join(ada), join(bob)]
    writer.left('sign-in-needed')
    expect(other.role()).toBe('writer')
    expect(writer.events.at(-1)).toMatchObject({ type: 'left', cause: 'sign-in-needed' })
    session.end({ cause: 'proxy-restarting' })
    expect(other.events.at(-1)).toMatchObject({ type: 'left', cause: 'proxy-restarting' })
    other.left()
    expect(other.events.filter(({ type }) => type === 'left')).toHaveLength(1)
  })
})

it('logs each try that failed, but not that the next one waits longer for its turn', () => {
  const logged: unknown[] = []
  const log = pino({}, { write: (text: string) => void logged.push(JSON.parse(text).msg) })
  const { line, join } = start({ log })
  join(ada)
  for (let second = 0; second < 100; second++) line.lost()
  line.opening()
  line.lost()
  expect(logged.filter((what) => what === 'line lost')).toHaveLength(2)
})

describe('recording', () => {
  it('is of the whole session by policy, and every viewer sees it', async () => {
    const { told, start: startRecording, onByItself } = recorder()
    const { session, line, join } = start({
      recording: { mode: 'always', start: startRecording, onByItself, mayStart: () => true },
    })
    const writer = join(ada)
    line.says('login: ')
    writer.input(Buffer.from('root'))
    line.lost()
    line.says('again')
    expect(join(bob).last('recording')).toEqual({ type: 'recording', on: true, mayChange: false })
    writer.message({ type: 'record', on: false })
    session.end({ cause: 'operator-ended' })
    expect(told).toEqual([
      'o:login: ',
      'i:root',
      'm:connection lost',
      'm:line back',
      'o:again',
      'stop:session-ended operator-ended',
    ])
    const outcome = { state: 'complete', why: { kind: 'session-ended', cause: 'operator-ended' } }
    const event = { kind: 'ended', id: 'recording-1', end: outcome }
    await vi.waitFor(() => expect(onByItself.mock.calls).toEqual([[event]]))
  })

  it('says that nobody was left where that ended it, and does not blame the gateway', () => {
    const { told, start: startRecording, onByItself } = recorder()
    const { clock, join } = start({
      recording: { mode: 'always', start: startRecording, onByItself, mayStart: () => true },
    })
    join(ada).left()
    clock.advance(61_000)
    expect(told).toEqual(['stop:session-ended no-viewer'])
  })

  it('is the writer’s choice on demand, and a watcher’s not', async () => {
    const { told, start: startRecording, onByItself } = recorder()
    const { line, join } = start({
      recording: { mode: 'on-demand', start: startRecording, onByItself, mayStart: () => true },
    })
    const [writer, watcher] = [join(ada), join(bob)]
    expect(watcher.last('recording')).toEqual({ type: 'recording', on: false, mayChange: true })
    line.says('not kept')
    watcher.message({ type: 'record', on: true })
    expect(startRecording).not.toHaveBeenCalled()
    writer.message({ type: 'record', on: true })
    expect(watcher.last('recording')).toMatchObject({ on: true })
    line.says('kept')
    writer.message({ type: 'record', on: false })
    expect(watcher.last('recording')).toMatchObject({ on: false })
    expect(told).toEqual(['o:kept', 'stop:stopped ada'])
    expect(startRecording.mock.calls.map(([by]) => by)).toEqual([ada])
    const recorded = (on: boolean) => ({ type: 'recording', on, id: 'recording-1' })
    expect(writer.events).toEqual([{ type: 'joined' }, recorded(true), recorded(false)])
    await Promise.resolve()
    expect(onByItself).not.toHaveBeenCalled()
  })

  it('does not start again too soon, and the button of who asks for it shows how it is', () => {
    const { start: startRecording, onByItself } = recorder()
    const mayStart = vi.fn(() => false)
    const { join } = start({
      recording: { mode: 'on-demand', start: startRecording, onByItself, mayStart },
    })
    const writer = join(ada)
    writer.messages.length = 0
    writer.message({ type: 'record', on: true })
    expect(writer.messages).toEqual([{ type: 'recording', on: false, mayChange: true }])
    mayStart.mockReturnValueOnce(true)
    writer.message({ type: 'record', on: true })
    expect(startRecording).toHaveBeenCalledOnce()
  })

  it('shows whether the disk takes it, and a person who asks again hurries it', async () => {
    const { start: startRecording, onByItself, recording, tell } = recorder()
    const { line, join } = start({
      recording: { mode: 'on-demand', start: startRecording, onByItself, mayStart: () => true },
    })
    const viewer = join(ada)
    viewer.message({ type: 'record', on: true })
    recording.isOn = false
    const failed = { state: 'write-failed', why: { kind: 'not-written', code: 'ENOSPC' } } as const
    tell({ kind: 'ended', id: 'recording-1', end: failed })
    expect(viewer.last('recording')).toMatchObject({ on: false })
    line.says('still here')
    expect(viewer.text()).toBe('still here')
    viewer.message({ type: 'record', on: true })
    expect(recording.retryNow).toHaveBeenCalledOnce()
    expect(startRecording).toHaveBeenCalledOnce()
    recording.isOn = true
    tell({ kind: 'began', id: 'recording-2' })
    expect(viewer.last('recording')).toMatchObject({ on: true })
    expect(onByItself.mock.calls.flat()).toEqual([
      { kind: 'ended', id: 'recording-1', end: failed },
      { kind: 'began', id: 'recording-2' },
    ])
  })
})

describe('the end', () => {
  it('is for all when the owner says so, and nobody else', () => {
    const { line, join, released } = start()
    const [owner, other] = [join(ada), join(bob)]
    other.message({ type: 'end' })
    expect(released).not.toHaveBeenCalled()
    owner.message({ type: 'end' })
    const failure = { cause: 'operator-ended', detail: 'ada ended it.' }
    expect(other.last('closing')).toEqual({ type: 'closing', failure, input: 0 })
    expect([line.closed, owner.port.closed, other.port.closed]).toEqual([true, true, true])
    expect(released).toHaveBeenCalledOnce()
  })

  it('is not for one who came first and may only watch to say', () => {
    const { join, joinToWatch, released } = start()
    const first = joinToWatch(ada)
    join(bob)
    first.message({ type: 'end' })
    expect(released).not.toHaveBeenCalled()
    expect(first.events.at(-1)).toEqual({ type: 'refused', what: 'end' })
  })

  it('is for all when one says so who may end what others opened', () => {
    const { join, released } = start()
    const owner = join(ada)
    const admin = join(bob, null, false, { mayEnd: true })
    expect([owner, admin].map((viewer) => viewer.last('hello')?.may.end)).toEqual([false, true])
    admin.message({ type: 'end' })
    expect(owner.last('closing')).toMatchObject({ failure: { detail: 'bob ended it.' } })
    expect(admin.events.at(-2)).toEqual({ type: 'ended-session' })
    expect(released).toHaveBeenCalledOnce()
  })

  it('comes a while after the last viewer left, and not before', () => {
    const { clock, line, join, released } = start()
    const viewer = join(ada)
    viewer.left()
    clock.advance(59_000)
    const again = join(ada, 0)
    clock.advance(120_000)
    expect(released).not.toHaveBeenCalled()
    again.left()
    clock.advance(61_000)
    expect(line.closed).toBe(true)
    expect(released).toHaveBeenCalledOnce()
  })

  it('does not come early when nobody is there and the line is lost: the absent have yet to hear its last words', () => {
    const { clock, line, join, released } = start()
    const viewer = join(ada)
    line.says('boot ')
    viewer.left()
    line.says('panic')
    line.lost()
    const again = join(ada, viewer.position())
    expect(again.text()).toBe('panic')
    again.left()
    clock.advance(61_000)
    expect(released).toHaveBeenCalledOnce()
  })

  it('is announced by a limit, and put off by whoever stays', () => {
    const { clock, join, released } = start({ idleMs: 600_000 })
    const viewer = join(ada)
    clock.advance(539_000)
    expect(viewer.last('warning')).toBeUndefined()
    clock.advance(2_000)
    expect(viewer.last('warning')).toEqual({ type: 'warning', limit: 'idle-limit', endsInMs: 60_000 })
    clock.advance(10_000)
    expect(join(bob).last('warning')).toEqual({ type: 'warning', limit: 'idle-limit', endsInMs: 49_000 })
    viewer.message({ type: 'stay' })
    expect(viewer.last('warning')).toEqual({ type: 'warning', limit: 'idle-limit', endsInMs: null })
    clock.advance(539_000)
    expect(released).not.toHaveBeenCalled()
    clock.advance(62_000)
    expect(viewer.last('closing')).toMatchObject({ failure: { cause: 'idle-limit' } })
  })

  it('is put off by every key where the limit is idleness, and by none where it is time', () => {
    const { clock, join } = start({ idleMs: 600_000, totalMs: 1_200_000 })
    const viewer = join(ada)
    for (let minute = 0; minute < 19; minute++) {
      viewer.input(Buffer.from('x'))
      clock.advance(60_000)
    }
    expect(viewer.last('warning')).toMatchObject({ limit: 'time-limit' })
    clock.advance(61_000)
    expect(viewer.last('closing')).toMatchObject({ failure: { cause: 'time-limit' } })
  })
})

describe('a line that goes to another replica', () => {
  it('keeps its viewers until that one has it, types nothing more, and says when to come back', async () => {
    const { line, join, session, released } = start()
    const viewers = [join(ada), join(bob)]
    const [writer, guest] = viewers
    if (!writer || !guest) throw new Error('there are two')
    writer.input(Buffer.from('typed'))
    let take = () => {}
    const taking = new Promise<void>((resolve) => {
      take = resolve
    })
    const moving = session.handOver(() => taking)
    await vi.waitFor(() => expect(released).toHaveBeenCalledOnce())
    expect(line.closed).toBe(true)
    expect(viewers.map(({ port }) => port.closed)).toEqual([false, false])
    writer.input(Buffer.from(' late'))
    expect(line.typed).toBe('typed')
    expect(writer.last('dropped')).toMatchObject({ from: 5, to: 10, why: 'line-lost', fate: 'never-sent' })

    take()
    await moving
    const failure = { cause: 'line-moved', spreadMs: 20 }
    // What comes later is not typed either, and the page learns from which number on.
    expect(writer.last('closing')).toEqual({ type: 'closing', failure, input: 10 })
    expect(guest.last('closing')).toEqual({ type: 'closing', failure, input: 0 })
    expect(viewers.map(({ port }) => port.closed)).toEqual([true, true])
    writer.input(Buffer.from(' too late'))
    expect(line.typed).toBe('typed')
  })
})

describe('a session that is held', () => {
  const storedLog = () =>
    new LineLogs({
      store: new MemoryStore(),
      lastSeen: null,
      keptBytes: RING,
      log: pino({ level: 'silent' }),
      clock: new ManualClock(),
      wall: new ManualClock(),
    }).open({ server: { id: 'linux-1', name: 'linux-1' }, project: null }, 'session-1')

  it('opens its line with nobody there, and keeps what was said for who comes', () => {
    const { session, line, clock, join, released } = start({ idleMs: 60_000, totalMs: 120_000 })
    const held = holder()
    session.hold(held)
    expect(line.opened).toBe(1)
    expect(held.opened).toHaveBeenCalledOnce()
    line.says('panic')
    clock.advance(86_400_000)
    expect(released).not.toHaveBeenCalled()
    const viewer = join(ada)
    expect(viewer.text()).toBe('panic')
    expect(line.opened).toBe(1)
  })

  it('has little in memory while nobody is there, where a store has the rest', async () => {
    const lineLog = await storedLog()
    const { session, line, clock, join } = start({ lineLog })
    const kept = () => lineLog.end - lineLog.ring.start
    session.hold(holder())
    line.says('x'.repeat(RING))
    expect(kept()).toBe(32 * KIB)
    await session.prepare()
    const viewer = join(ada)
    expect(viewer.length()).toBe(RING)
    viewer.left()
    clock.advance(59_000)
    expect(kept()).toBe(RING)
    // Its page asks for a ticket, and comes within the time that the ticket is good.
    await session.prepare()
    clock.advance(29_000)
    expect(join(ada).length()).toBe(RING)
    clock.advance(3_600_000)
    expect(kept()).toBe(RING)
    session.end({ cause: 'no-viewer' })
  })

  it('needs little memory again after a viewer who did not come', async () => {
    const lineLog = await storedLog()
    const { session, line, clock } = start({ lineLog })
    session.hold(holder())
    line.says('x'.repeat(RING))
    await session.prepare()
    expect(lineLog.end - lineLog.ring.start).toBe(RING)
    clock.advance(61_000)
    expect(lineLog.end - lineLog.ring.start).toBe(32 * KIB)
  })

  it('waits patiently only while nobody is there', () => {
    const { session, line, join } = start()
    const held = holder()
    session.hold(held)
    const begin = () => {}
    expect(line.handlers.onUnattended({ cause: 'gateway-closed' }, begin)).toMatchObject({ wait: 600_000 })
    expect(held.lost).toHaveBeenCalledWith({ cause: 'gateway-closed' }, begin)
    join(ada)
    expect(line.attentions).toBe(1)
    expect(line.handlers.onUnattended({ cause: 'gateway-closed' }, begin)).toBeNull()
  })

  it('stays when the last viewer leaves, and the next one has its keyboard', () => {
    const { session, clock, join, released } = start()
    session.hold(holder())
    const first = join(ada)
    first.left()
    clock.advance(3_600_000)
    expect(released).not.toHaveBeenCalled()
    const next = join(bob)
    expect(next.role()).toBe('writer')
    next.message({ type: 'end' })
    expect(next.last('closing')).toMatchObject({ failure: { cause: 'operator-ended' } })
  })

  it('lets its viewers go at a limit, and stays', () => {
    const { session, line, clock, join, released } = start({ totalMs: 600_000 })
    session.hold(holder())
    clock.advance(3_600_000)
    const viewer = join(ada)
    clock.advance(599_000)
    expect(viewer.last('closing')).toBeUndefined()
    clock.advance(1_000)
    expect(viewer.last('closing')).toMatchObject({ failure: { cause: 'time-limit' } })
    expect([line.closed, released.mock.calls.length]).toEqual([false, 0])
  })

  it('is recorded while people are there', () => {
    const { told, start: record } = recorder()
    const { session, line, clock, join } = start({
      recording: { mode: 'always', start: record, mayStart: () => true, onByItself() {} },
    })
    session.hold(holder())
    line.says('unseen ')
    expect(told).toEqual([])
    const viewer = join(ada)
    line.says('seen')
    viewer.left()
    clock.advance(61_000)
    line.says(' unseen')
    expect(told).toEqual(['o:seen', 'stop:nobody-there'])
    join(bob)
    expect(record).toHaveBeenCalledTimes(2)
  })

  it('ends as any other once it is released', () => {
    const { session, clock, join, released } = start()
    const held = holder()
    session.hold(held)
    const viewer = join(ada)
    session.release()
    clock.advance(120_000)
    expect(released).not.toHaveBeenCalled()
    viewer.left()
    clock.advance(61_000)
    expect(released).toHaveBeenCalledOnce()
    expect(held.ended).not.toHaveBeenCalled()
  })

  it('tells its holder why it ended', () => {
    const { session, line } = start()
    const held = holder()
    session.hold(held)
    line.handlers.onEnded({ cause: 'no-permission' })
    expect(held.ended).toHaveBeenCalledWith({ cause: 'no-permission' })
  })
})

describe('the size of the terminals', () => {
  const [wide, small] = [
    { columns: 132, rows: 43 },
    { columns: 80, rows: 24 },
  ]

  it('is the writer’s, and is told to all who know of sizes', () => {
    const { clock, join } = start()
    const writer = join(ada, null, false, { size: wide })
    const watcher = join(bob, null, false, { size: small })
    const older = join(cyd)
    expect(watcher.last('hello')?.size).toEqual(wide)
    watcher.message({ type: 'size', columns: 100, rows: 31 })
    clock.advance(1_000)
    expect(watcher.count('size')).toBe(0)
    writer.message({ type: 'size', columns: 90, rows: 30 })
    clock.advance(1_000)
    expect(watcher.last('size')).toEqual({ type: 'size', size: { columns: 90, rows: 30 } })
    expect(older.count('size')).toBe(0)
  })

  it('follows the keyboard, and holds when nobody has it', () => {
    const { clock, join } = start()
    const first = join(ada, null, false, { size: wide })
    const second = join(bob, null, false, { size: small })
    second.message({ type: 'take' })
    clock.advance(1_000)
    expect(first.last('size')?.size).toEqual(small)
    second.message({ type: 'release' })
    second.left()
    clock.advance(1_000)
    expect(first.last('size')?.size).toEqual(small)
    expect(join(cyd, null, false, { size: wide, mayWrite: false }).last('hello')?.size).toEqual(small)
  })

  it('is unknown where the writer’s page is older', () => {
    const { clock, join } = start()
    const first = join(ada, null, false, { size: wide })
    const older = join(bob)
    first.message({ type: 'hand', viewer: older.last('hello')?.you ?? '' })
    clock.advance(1_000)
    expect(first.last('size')).toEqual({ type: 'size', size: null })
  })

  it('is told four times a second while a window’s edge is dragged, and the last one counts', () => {
    const { clock, join } = start()
    const writer = join(ada, null, false, { size: wide })
    const watcher = join(bob, null, false, { size: small })
    clock.advance(1_000)
    for (let columns = 100; columns < 200; columns++) {
      writer.message({ type: 'size', columns, rows: 40 })
      clock.advance(10)
    }
    clock.advance(1_000)
    expect(watcher.count('size')).toBeLessThanOrEqual(5)
    expect(watcher.last('size')?.size).toEqual({ columns: 199, rows: 40 })
  })
})

describe('marks of lines', () => {
  const knows = { knowsMarks: true }

  it('are told to all who know of marks, and to who comes later', () => {
    const { line, join } = start()
    const first = join(ada, null, false, knows)
    const second = join(bob, null, false, knows)
    const older = join(cyd)
    expect(first.last('marks')?.marks).toEqual([])
    line.handlers.onBytes(Buffer.from('one\r\ntwo\r\n'))
    second.message({ type: 'mark', at: 5, text: 'here' })
    const marks = [{ id: expect.any(String), at: 5, text: 'here', by: bob.slice(0, 3) }]
    expect(first.last('marks')?.marks).toEqual(marks)
    expect(second.last('marks')?.marks).toEqual(marks)
    expect(join('client-of-dora', null, false, knows).last('marks')?.marks).toEqual(marks)
    expect(older.count('marks')).toBe(0)
    first.message({ type: 'unmark', id: second.last('marks')?.marks[0]?.id ?? '' })
    expect(second.last('marks')?.marks).toEqual([])
    expect(second.events).toContainEqual({ type: 'marked', at: 5, on: true })
    expect(first.events).toContainEqual({ type: 'marked', at: 5, on: false })
  })

  it('are for those who may type, and of lines that are there', () => {
    const { join } = start()
    const writer = join(ada, null, false, knows)
    const watcher = join(bob, null, false, { ...knows, mayWrite: false })
    watcher.message({ type: 'mark', at: 0, text: '' })
    watcher.message({ type: 'unmark', id: 'any' })
    expect(watcher.events.filter(({ type }) => type === 'refused')).toEqual([
      { type: 'refused', what: 'mark' },
    ])
    writer.message({ type: 'mark', at: 1_000, text: '' })
    writer.message({ type: 'unmark', id: 'unknown' })
    expect(writer.last('marks')?.marks).toEqual([])
    expect(writer.events.some(({ type }) => type === 'marked')).toBe(false)
  })
})
