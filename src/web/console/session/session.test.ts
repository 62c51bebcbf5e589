import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import { momentBy } from '../../../shared/clock.ts'
import { ManualClock } from '../../../testing/clock.ts'
import { FakeLine, issuedConsole, settle, viewer } from '../../../testing/web/fake-line.ts'
import { FakeTerminal } from '../../../testing/web/fake-terminal.ts'
import { encodingOf } from '../encoding/encodings.ts'
import type { InputMemory } from './input-ledger.ts'
import { lineStatus } from './line-status.ts'
import { ConsoleSession } from './session.ts'

/** The browser, of which the session needs one event. */
class Browser extends EventTarget {
  comesOnline(): void {
    this.dispatchEvent(new Event('online'))
  }
}

let browser: Browser
let clock: ManualClock
let line: FakeLine
let terminal: FakeTerminal
let session: ConsoleSession
/** What outlives a reload. */
let kept: InputMemory | null
let released: number

beforeEach(() => {
  browser = new Browser()
  vi.stubGlobal('window', browser)
  clock = new ManualClock()
  line = new FakeLine()
  terminal = new FakeTerminal()
  kept = null
  released = 0
  session = new ConsoleSession({
    issue: line.issue,
    release: () => {
      released += 1
    },
    openTransport: line.openTransport,
    terminal,
    seamText(seam) {
      switch (seam.kind) {
        case 'lost':
          return `lost ${seam.bytes} bytes`
        case 'line-lost':
        case 'not-watched':
        case 'restarted':
        case 'page-away':
          return `${seam.kind} ${seam.ms} ms`
      }
    },
    memory: {
      recall: () => kept,
      keep(memory) {
        kept = memory
      },
    },
    clock,
    steady: clock.steady,
    // Each wait in its full length.
    random: () => 0,
  })
})
afterEach(() => {
  session.dispose()
  vi.unstubAllGlobals()
})

const now = () => momentBy(clock, clock.steady)
/** The wait that has just begun. */
const wait = (ms: number) => ({ since: now(), ms })
const snapshot = () => session.getSnapshot()
const state = () => snapshot().state
const kind = () => state().kind

/** Asks for a console and gets one. */
async function connect(transport: IssuedConsole['transport'] = 'direct') {
  session.connect()
  return line.give(issuedConsole[transport])
}

/** On a line that has spoken. */
async function live(transport: IssuedConsole['transport'] = 'direct') {
  const connection = await connect(transport)
  if (transport === 'relay') connection.joins()
  return connection.opens().prints('login: ')
}

describe('connecting', () => {
  it('asks for a console, opens it, waits for the first byte, and is live', async () => {
    expect(kind()).toBe('idle')
    session.connect()
    expect(kind()).toBe('issuing')
    const connection = await line.give(issuedConsole.direct)
    expect(connection).toMatchObject({ issued: issuedConsole.direct, from: null })
    expect(state()).toEqual({ kind: 'opening', transport: 'direct' })
    connection.opens()
    expect(state()).toEqual({ kind: 'silent', transport: 'direct', since: now() })
    clock.advance(2_000)
    connection.prints('login: ')
    expect(state()).toEqual({ kind: 'live', transport: 'direct', since: now() })
    expect(terminal.shown).toEqual(['login: '])
  })

  it('knows from the answer by which way the bytes come, and how the kernel is reached', async () => {
    await connect('relay')
    expect(snapshot()).toMatchObject({ transport: 'relay', sysrq: issuedConsole.relay.sysrq })
  })

  it('is moved to the relay where a line in its place fails, and asks for nothing else from then on', async () => {
    session.connect()
    const connection = await line.give({ ...issuedConsole.direct, unreached: 'timeout' })
    expect(snapshot().inPlace).toEqual({ way: 'direct', unreached: 'timeout' })
    connection.fails({ cause: 'gateway-unreachable' })
    expect(line.asked.map(({ relayOnly }) => relayOnly)).toEqual([
      null,
      { type: 'direct-failed', why: 'gateway-unreachable' },
    ])
    const relayed = await line.give(issuedConsole.relay)
    expect(snapshot().inPlace).toEqual({ way: 'none', why: 'gateway-unreachable' })
    relayed.joins().opens().prints('login: ')
    expect([kind(), snapshot().transport, snapshot().inPlace]).toEqual(['live', 'relay', null])
    relayed.fails({ cause: 'network-lost' })
    browser.comesOnline()
    expect(line.asked.at(-1)?.relayOnly).toEqual({ type: 'relayed' })
    expect(line.asked).toHaveLength(3)
  })

  it('is live at once on a line that was heard before we came', async () => {
    const connection = await connect('relay')
    connection.joins().opens(true)
    expect(kind()).toBe('live')
  })

  it('asks once, however often it is asked to', async () => {
    session.connect()
    session.connect()
    await line.give(issuedConsole.direct)
    session.connect()
    expect(line.asked).toHaveLength(1)
  })

  it('asks again for a link that expired before it could be opened, as after a sleep', async () => {
    session.connect()
    clock.advance(issuedConsole.direct.expiresInMs)
    line.asked[0]?.give(issuedConsole.direct)
    await settle()
    expect(line.connections).toEqual([])
    expect(line.asked).toHaveLength(2)
    await line.give(issuedConsole.direct)
    expect(kind()).toBe('opening')
  })

  it('asks twice at most where every answer takes longer than its console lives', async () => {
    let asks = 0
    const slow = new ConsoleSession({
      ...session.options,
      issue: async () => {
        // More asks than any bound would hang the test.
        if (++asks > 85) return new Promise(() => {})
        await Promise.resolve()
        clock.advance(issuedConsole.relay.expiresInMs + 1)
        return issuedConsole.relay
      },
    })
    slow.connect()
    await settle()
    expect([asks, line.connections.length]).toEqual([2, 1])
    // What it opened had expired indeed: it waits before it asks again.
    line.connection.fails({ cause: 'ticket-refused' })
    expect(slow.getSnapshot().state.kind).toBe('waiting')
    await settle()
    expect(asks).toBe(2)
    clock.advance(2_000)
    await settle()
    expect([asks, line.connections.length]).toEqual([4, 2])
    slow.dispose()
  })

  it.each([
    ['40 s ahead', 40_000],
    ['a day ahead', 86_400_000],
    ['a day behind', -86_400_000],
  ])('opens the console that it got, its clock being %s', async (_, off) => {
    clock.set(off)
    session.connect()
    clock.advance(500)
    await line.give(issuedConsole.relay)
    expect([line.asked.length, line.connections.length]).toEqual([1, 1])
  })

  it.each([
    ['set a day back', -86_400_000],
    ['set a day ahead', 86_400_000],
  ])('tells no nonsense of a break in which the clock is %s', async (_, by) => {
    const connection = await live()
    connection.fails({ cause: 'network-lost' })
    clock.advance(500)
    clock.set(by)
    clock.advance(1_501)
    await line.give(issuedConsole.direct)
    line.connection.opens().prints('back')
    // Set ahead is what a sleep looks like.
    const away = 2_001 + Math.max(0, by)
    expect(terminal.shown.slice(-2)).toEqual([`seam: line-lost ${away} ms`, 'back'])
  })

  it('asks again at once after a sleep that was longer than the wait', async () => {
    const connection = await live()
    connection.fails({ cause: 'throttled', retryAfter: 600 })
    clock.advance(2_500)
    // Neither the timers nor the steady clock run in a sleep.
    clock.set(600_000)
    clock.advance(1_000)
    expect(kind()).toBe('issuing')
  })

  it('waits no longer where the clock is set back meanwhile', async () => {
    const connection = await live()
    connection.fails({ cause: 'network-lost' })
    clock.set(-86_400_000)
    clock.advance(2_000)
    expect(kind()).toBe('issuing')
    expect(line.asked).toHaveLength(2)
  })

  it('knows for how long the line has been quiet', async () => {
    const connection = await connect()
    expect(session.quietMs).toBe(Number.POSITIVE_INFINITY)
    connection.opens().prints('login: ')
    clock.advance(4_000)
    expect(session.quietMs).toBe(4_000)
  })

  it('tells each listener of each change, until it no longer listens', async () => {
    const seen: string[] = []
    const ignore = session.subscribe(() => seen.push(kind()))
    await connect()
    expect(seen).toContain('issuing')
    expect(seen.at(-1)).toBe('opening')
    ignore()
    line.connection.opens()
    expect(seen.at(-1)).toBe('opening')
  })
})

describe('output', () => {
  it('is acknowledged once the terminal has taken it in', async () => {
    const connection = await live()
    connection.prints('žluť')
    expect(connection.consumedBytes).toBe(0)
    terminal.drain()
    expect(connection.consumedBytes).toBe('login: '.length + 6)
  })

  it('of a replayed history is muted, what follows is not', async () => {
    const connection = await connect('relay')
    connection.joins().opens(true).prints('history', true).prints('now')
    expect(terminal.shown).toEqual(['muted: history', 'now'])
  })

  it('keeps a character whole whose bytes came apart', async () => {
    const connection = await live()
    connection.prints(Uint8Array.of(0xe2, 0x80)).prints(Uint8Array.of(0x94))
    expect(terminal.shown.join('')).toBe('login: —')
  })

  it('begins anew with each direct line: what was cut is not glued to what comes', async () => {
    const connection = await live()
    connection.prints(Uint8Array.of(0xe2, 0x80)).fails({ cause: 'gateway-closed' })
    clock.advance(2_000)
    const next = await line.give(issuedConsole.direct)
    next.opens().prints(Uint8Array.of(0x94, 0x41))
    expect(terminal.shown.at(-1)).toBe('\ufffdA')
  })

  it('passes a guard: no count is larger than the screen, and nothing reaches the clipboard', async () => {
    const connection = await live()
    connection.prints('a\x1b[2147483647b\x1b[2147483647S\x1b]52;c;cm0=\x07b')
    expect(terminal.shown.at(-1)).toBe('a\x1b[1920b\x1b[24Sb')
    expect(snapshot().unreadable).toBe(false)
  })

  it('that a string without an end would hide shows after a moment of silence, and the page says so once', async () => {
    const seen: boolean[] = []
    const connection = await live()
    session.subscribe(() => seen.push(snapshot().unreadable))
    connection.prints('\x1bPweb-01 ')
    clock.advance(150)
    connection.prints('login: ')
    clock.advance(199)
    expect(terminal.shown).toEqual(['login: '])
    expect(snapshot().unreadable).toBe(false)
    clock.advance(1)
    expect(terminal.shown).toEqual(['login: ', 'web-01 login: '])
    connection.prints('\x1b_again\r\n')
    expect(seen).toEqual([true])
  })

  it('stays untouched by a guard whose page is gone', async () => {
    const connection = await live()
    connection.prints('\x1bPtext')
    session.dispose()
    clock.advance(1_000)
    expect(terminal.shown).toEqual(['login: '])
  })

  it('begins anew with each direct line, also after half a sequence', async () => {
    const connection = await live()
    connection.prints('\x1b[3').fails({ cause: 'gateway-closed' })
    clock.advance(2_000)
    const next = await line.give(issuedConsole.direct)
    next.opens().prints('1mred')
    expect(terminal.shown.at(-1)).toBe('1mred')
  })

  it('of an older line is nobody’s', async () => {
    const old = await live()
    old.fails({ cause: 'gateway-closed' })
    old.fails({ cause: 'protocol-error' })
    expect(kind()).toBe('waiting')
    old.opens().relays({ type: 'line-opening', failure: null })
    expect(kind()).toBe('waiting')
  })
})

describe('a line that is lost', () => {
  const lost: Failure = { cause: 'gateway-closed', detail: 'close 1006' }

  it('is let go, its modes are put back, and a fresh link is asked for after a second', async () => {
    const connection = await live()
    connection.fails(lost)
    expect(state()).toEqual({ kind: 'waiting', failure: lost, wait: wait(1_000) })
    expect(connection.closed).toBe(true)
    expect(terminal.shown.at(-1)).toBe('clean')
    clock.advance(1_000)
    expect(line.asked).toHaveLength(1)
    clock.advance(1)
    expect(line.asked).toHaveLength(2)
    expect(kind()).toBe('issuing')
  })

  it('comes back with a seam that tells how long nobody listened', async () => {
    const connection = await live()
    connection.fails(lost)
    clock.advance(1_001)
    const next = await line.give(issuedConsole.direct)
    next.opens()
    clock.advance(4_000)
    next.prints('back')
    expect(terminal.shown.slice(-2)).toEqual(['seam: line-lost 5001 ms', 'back'])
    expect(kind()).toBe('live')
  })

  it('is tried again after 1, 2, 4, 8, 16, then 30 seconds, and from 1 again once it has worked for a while', async () => {
    const waits: number[] = []
    const connection = await live()
    connection.fails(lost)
    for (let attempt = 0; attempt < 7; attempt++) {
      const waiting = state()
      if (waiting.kind !== 'waiting') throw new Error(waiting.kind)
      waits.push(waiting.wait.ms)
      clock.advance(waiting.wait.ms + 1)
      await line.refuse(new TypeError('no network'))
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * 1_000))
    clock.advance(30_001)
    const next = await line.give(issuedConsole.direct)
    next.opens().prints('back')
    clock.advance(30_000)
    next.fails(lost)
    expect(state()).toMatchObject({ kind: 'waiting', wait: wait(1_000) })
  })

  it('waits as long as the cloud asked for', async () => {
    const connection = await live()
    connection.fails({ cause: 'throttled', retryAfter: 17 })
    expect(state()).toMatchObject({ kind: 'waiting', wait: wait(17_000) })
  })

  it('is tried at once when the browser is online again', async () => {
    const connection = await live()
    connection.fails({ cause: 'network-lost' })
    browser.comesOnline()
    expect(kind()).toBe('issuing')
    // Its own wait is over, too: no second question follows.
    clock.advance(60_000)
    expect(line.asked).toHaveLength(2)
  })

  it('is tried at once when a person says so', async () => {
    const connection = await live()
    connection.fails(lost)
    session.connect()
    expect(line.asked).toHaveLength(2)
    clock.advance(60_000)
    expect(line.asked).toHaveLength(2)
  })

  it('is no reason to do anything while it is up', async () => {
    await live()
    browser.comesOnline()
    expect(kind()).toBe('live')
    expect(line.asked).toHaveLength(1)
  })

  it('ends where trying again cannot help', async () => {
    const connection = await live()
    connection.fails({ cause: 'operator-ended', detail: 'Ann ended it.' })
    expect(state()).toEqual({
      kind: 'ended',
      failure: { cause: 'operator-ended', detail: 'Ann ended it.' },
    })
    expect(connection.closed).toBe(true)
    clock.advance(600_000)
    expect(line.asked).toHaveLength(1)
  })

  it('ends as well where the console is refused, and is asked for again by a person only', async () => {
    session.connect()
    await line.refuse(new Error('not an answer of ours'))
    // Whatever is thrown has a cause; this one is retried.
    expect(state()).toMatchObject({ kind: 'waiting', failure: { cause: 'proxy-error' } })
    session.fail({ cause: 'sign-in-needed' })
    expect(kind()).toBe('waiting')
    session.connect()
    session.fail({ cause: 'sign-in-needed' })
    expect(state()).toEqual({ kind: 'ended', failure: { cause: 'sign-in-needed' } })
    // The question that was under way is taken back, and its answer opens nothing.
    expect(line.asked.at(-1)?.signal.aborted).toBe(true)
    line.asked.at(-1)?.give(issuedConsole.direct)
    await settle()
    expect(line.connections).toEqual([])
    session.connect()
    expect(kind()).toBe('issuing')
  })
})

describe('a gateway that hangs up before the first byte', () => {
  const dropped: Failure = { cause: 'gateway-closed', detail: 'close 1006' }

  it('refused the link: a fresh one is asked for, three times, then the page’s origin is to blame', async () => {
    session.connect()
    for (const attempt of [1, 2, 3]) {
      const connection = await line.give(issuedConsole.direct)
      connection.opens()
      clock.advance(2_999)
      connection.fails(dropped)
      if (attempt === 3) break
      expect(state()).toMatchObject({ kind: 'waiting', failure: { cause: 'origin-doubtful' } })
      clock.advance(60_000)
    }
    expect(state()).toEqual({ kind: 'ended', failure: { cause: 'origin-refused', detail: 'close 1006' } })
  })

  it('has closed a line that stood for three seconds in silence', async () => {
    const connection = await connect()
    connection.opens()
    clock.advance(3_000)
    connection.fails(dropped)
    expect(state()).toMatchObject({ kind: 'waiting', failure: dropped })
  })

  it('is told by the relay only after it tried itself', async () => {
    const connection = await connect('relay')
    connection.joins().opens().fails({ cause: 'gateway-hung-up' })
    expect(state()).toEqual({ kind: 'ended', failure: { cause: 'gateway-hung-up' } })
  })
})

describe('over the relay', () => {
  it('goes on at the byte that comes next, without a seam', async () => {
    const connection = await connect('relay')
    connection.joins({ replayFrom: 100 }).opens(true).prints('12345').fails({ cause: 'network-lost' })
    // Whatever program has the screen keeps it.
    expect(terminal.shown).toEqual(['12345'])
    clock.advance(1_001)
    const next = await line.give(issuedConsole.relay)
    expect(next.from).toEqual({ session: 'session-1', offset: 105 })
    next.joins({ replayFrom: 105, lostBytes: 0 }).opens(true).prints('6', true)
    expect(terminal.shown).toEqual(['12345', 'muted: 6'])
    expect(kind()).toBe('live')
  })

  it('goes on inside a sequence that the cut went through, also when a try to come back fails', async () => {
    const connection = await live('relay')
    connection.prints('\x1b[3').fails({ cause: 'network-lost' })
    clock.advance(1_001)
    await line.refuse(new TypeError('no network'))
    clock.advance(2_001)
    const next = await line.give(issuedConsole.relay)
    next.joins({ replayFrom: 10, lostBytes: 0 }).opens(true).prints('1mred', true)
    expect(terminal.shown).toEqual(['login: ', 'muted: \x1b[31mred'])
  })

  it('goes on inside a sequence, and with all its modes, after a person disconnected and came back', async () => {
    const connection = await live('relay')
    connection.prints('\x1b[3')
    session.disconnect()
    session.connect()
    const next = await line.give(issuedConsole.relay)
    next.joins({ replayFrom: 10, lostBytes: 0 }).opens(true).prints('1mred', true)
    expect(terminal.shown).toEqual(['login: ', 'muted: \x1b[31mred'])
  })

  it('puts modes back outside of a sequence that the cut went through', async () => {
    const connection = await live('relay')
    connection.prints('\x1b[3').fails({ cause: 'operator-ended' })
    expect(terminal.shown).toEqual(['login: ', 'clean'])
  })

  it('joins the halves of a character that the cut went through', async () => {
    const connection = await live('relay')
    connection.prints(Uint8Array.of(0xe2, 0x80)).fails({ cause: 'network-lost' })
    clock.advance(1_001)
    const next = await line.give(issuedConsole.relay)
    next.joins({ replayFrom: 9, lostBytes: 0 }).opens(true).prints(Uint8Array.of(0x94), true)
    expect(terminal.shown.at(-1)).toBe('muted: —')
  })

  it('says how many bytes are no longer kept', async () => {
    const connection = await live('relay')
    connection.fails({ cause: 'network-lost' })
    clock.advance(1_001)
    const next = await line.give(issuedConsole.relay)
    next.joins({ replayFrom: 5_007, lostBytes: 5_000 }).opens(true).prints('on')
    expect(terminal.shown.slice(1)).toEqual(['clean', 'seam: lost 5000 bytes', 'on'])
    next.fails({ cause: 'network-lost' })
    clock.advance(2_001)
    expect((await line.give(issuedConsole.relay)).from).toEqual({ session: 'session-1', offset: 5_009 })
  })

  it('says what a viewer who could not keep up has missed, and counts on', async () => {
    const connection = await live('relay')
    connection.relays({ type: 'gap', lostBytes: 300 }).prints('on')
    expect(terminal.shown.slice(1)).toEqual(['clean', 'seam: lost 300 bytes', 'on'])
    connection.fails({ cause: 'network-lost' })
    clock.advance(1_001)
    expect((await line.give(issuedConsole.relay)).from?.offset).toBe('login: '.length + 300 + 2)
  })

  it('joins what another session printed with a seam of the time away', async () => {
    const connection = await live('relay')
    connection.fails({ cause: 'proxy-restarting' })
    clock.advance(20_000)
    const next = await line.give(issuedConsole.relay)
    next.joins({ session: 'session-2', replayFrom: 0, lostBytes: null }).opens().prints('new')
    expect(terminal.shown.slice(1)).toEqual(['clean', 'seam: line-lost 20000 ms', 'new'])
    expect(kind()).toBe('live')
  })

  it('shows the relay’s own seams in their place', async () => {
    const connection = await live('relay')
    connection.relays({ type: 'seam', why: 'line-lost', awayMs: 7_000 }).prints('on')
    expect(terminal.shown.slice(1)).toEqual(['clean', 'seam: line-lost 7000 ms', 'on'])
  })

  it('waits while the relay asks for another line, which this page does not', async () => {
    const failure: Failure = { cause: 'gateway-closed' }
    const connection = await live('relay')
    connection.relays({ type: 'line-lost', failure, retryInMs: 4_000 })
    expect(state()).toEqual({ kind: 'recovering', transport: 'relay', failure, wait: wait(4_000) })
    clock.advance(60_000)
    expect(line.asked).toHaveLength(1)
    connection.relays({ type: 'line-opening', failure })
    expect(state()).toEqual({ kind: 'opening', transport: 'relay' })
    connection.opens().prints('back')
    expect(kind()).toBe('live')
  })

  it('tells the failure and the wait of the try under way, not those of the first loss', async () => {
    const connection = await live('relay')
    const lost: Failure = { cause: 'gateway-closed' }
    const cloudDown: Failure = { cause: 'cloud-unreachable' }
    connection.relays({ type: 'line-lost', failure: lost, retryInMs: 1_000 })
    clock.advance(1_000)
    connection.relays({ type: 'line-opening', failure: lost })
    expect(snapshot().retried).toEqual(lost)
    connection.relays({ type: 'line-lost', failure: cloudDown, retryInMs: 2_000 })
    expect(state()).toMatchObject({ kind: 'recovering', failure: cloudDown, wait: wait(2_000) })
    expect(snapshot().retried).toEqual(cloudDown)
  })

  it('tells a page that joins during a try why the one before it failed', async () => {
    const failure: Failure = { cause: 'gateway-hung-up' }
    const connection = await connect('relay')
    connection.joins().relays({ type: 'line-opening', failure })
    expect(snapshot().retried).toEqual(failure)
  })

  it('says that BMS Console was restarted, however its process ended', async () => {
    const joins = (boot: string) => ({ session: `${boot}.name`, replayFrom: 0, lostBytes: null })
    const connection = await connect('relay')
    connection.joins(joins('boot-1')).opens().prints('before').fails({ cause: 'proxy-unreachable' })
    clock.advance(1_001)
    await line.refuse({ cause: 'proxy-unreachable' })
    clock.advance(2_001)
    const next = await line.give(issuedConsole.relay)
    next.joins(joins('boot-2'))
    expect(snapshot().retried).toEqual({ cause: 'proxy-restarted' })
    next.opens().prints('after')
    expect(terminal.shown).toEqual(['before', 'clean', 'seam: restarted null ms', 'after'])
    expect(kind()).toBe('live')
    expect(snapshot().retried).toBeNull()
  })

  it('goes on after a restart that the line’s log survived, with the seam that the relay puts there', async () => {
    const connection = await connect('relay')
    connection.joins({ session: 'boot-1.name', replayFrom: 0 }).opens().prints('before')
    connection.fails({ cause: 'proxy-unreachable' })
    clock.advance(1_001)
    const next = await line.give(issuedConsole.relay)
    expect(next.from).toEqual({ session: 'boot-1.name', offset: 6 })
    next.joins({ session: 'boot-2.name', replayFrom: 6, began: 8, follows: 'boot-1.name', lostBytes: 0 })
    expect(snapshot().retried).toEqual({ cause: 'proxy-restarted' })
    next.prints('!!', true).relays({ type: 'seam', why: 'restarted', awayMs: 12_000 })
    next.opens().prints('after')
    expect(terminal.shown).toEqual([
      'before',
      'clean',
      'muted: !!',
      'clean',
      'seam: restarted 12000 ms',
      'after',
    ])
    next.fails({ cause: 'network-lost' })
    expect(kind()).toBe('waiting')
    clock.advance(10_000)
    const { output } = (await line.give(issuedConsole.relay)).resume
    expect(output).toEqual({ session: 'boot-2.name', offset: 13, began: 8, follows: 'boot-1.name' })
  })

  it('does not take what earlier sessions left for a word of the line, which may refuse us', async () => {
    const connection = await connect('relay')
    connection.joins({ replayFrom: 0, began: 3, follows: 'session-0' }).prints('old', true).opens()
    expect(snapshot()).toMatchObject({ spoke: false, state: { kind: 'silent' } })
    connection.fails({ cause: 'gateway-hung-up' })
    expect(state()).toEqual({ kind: 'ended', failure: { cause: 'gateway-hung-up' } })
    session.connect()
    const next = await line.give(issuedConsole.relay)
    next.joins({ replayFrom: 3, began: 3, lostBytes: 0 }).opens().prints('new')
    expect(snapshot()).toMatchObject({ spoke: true, state: { kind: 'live' } })
  })

  it('goes on in the next session of a line that nobody watched, and tells of the time once', async () => {
    const connection = await live('relay')
    connection.fails({ cause: 'no-viewer' })
    clock.advance(60_000)
    session.connect()
    const next = await line.give(issuedConsole.relay)
    next.joins({ session: 'session-2', replayFrom: 7, began: 7, follows: 'session-1', lostBytes: 0 })
    next.relays({ type: 'seam', why: 'not-watched', awayMs: 60_000 }).opens().prints('on')
    expect(terminal.shown).toEqual(['login: ', 'clean', 'clean', 'seam: not-watched 60000 ms', 'on'])
  })
})

describe('typing', () => {
  it('goes to the line', async () => {
    const connection = await live()
    terminal.type('root\r')
    session.sendText('\x03')
    expect(connection.typed).toBe('root\r\x03')
    expect(snapshot().notSent).toBeNull()
  })

  it('goes to a line that is open and silent: Enter may be what it waits for', async () => {
    const connection = await connect()
    connection.opens()
    terminal.type('\r')
    expect(connection.typed).toBe('\r')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['before a console is asked for', async () => {}],
    ['after the end', async () => session.disconnect()],
  ])('goes nowhere %s, and is told so', async (_, prepare) => {
    await prepare()
    terminal.type('x')
    expect(snapshot().notSent).toEqual({ at: now(), why: 'line-down' })
  })

  it('waits for the first line, and goes out once it is open', async () => {
    session.connect()
    terminal.type('ro')
    const connection = await line.give(issuedConsole.direct)
    terminal.type('ot')
    expect([connection.typed, snapshot().lost]).toEqual(['', null])
    connection.opens()
    expect(connection.typed).toBe('root')
  })

  it('waits for the relay to say whose the keyboard is', async () => {
    session.connect()
    terminal.type('ls')
    const connection = await line.give(issuedConsole.relay)
    const joined = connection.relays({
      type: 'joined',
      session: 'session-1',
      may: { write: true, record: false, end: false },
      replayFrom: 0,
      began: 0,
      follows: null,
      lostBytes: null,
      line: 0,
      input: { next: 0, proved: 0, window: 100, dropped: [], isNew: true },
      before: null,
    })
    expect(connection.typed).toBe('')
    joined.hasViewers(1, viewer(1))
    expect(connection.typed).toBe('ls')
  })

  it('while the relay’s line is down goes nowhere: it would come out of order, if at all', async () => {
    const connection = await live('relay')
    connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 4_000 })
    terminal.type('x')
    expect(connection.typed).toBe('')
    expect(snapshot().lost).toEqual({ notSent: 1, unknown: 0, hasText: true })
  })

  it('on a lost line hastens the next try', async () => {
    const connection = await live()
    connection.fails({ cause: 'gateway-closed' })
    terminal.type('x')
    expect(snapshot().lost).toEqual({ notSent: 1, unknown: 0, hasText: true })
    expect(line.asked).toHaveLength(2)
  })

  it('that a direct line had not answered when it dropped may not have arrived', async () => {
    const connection = await live()
    terminal.type('ls\r')
    connection.prints('ls').fails({ cause: 'gateway-closed' })
    expect(snapshot().lost).toBeNull()
    clock.advance(2_000)
    const next = (await line.give(issuedConsole.direct)).opens().prints('login: ')
    terminal.type('reboot\r')
    next.fails({ cause: 'gateway-closed' })
    expect(snapshot().lost).toEqual({ notSent: 0, unknown: 7, hasText: true })
  })

  it('in a short break of the network goes out with the rest, as if nothing had been', async () => {
    const connection = await live('relay')
    terminal.type('ab')
    connection.relays({ type: 'taken', upTo: 1 }).fails({ cause: 'network-lost' })
    terminal.type('c')
    const next = await line.give(issuedConsole.relay)
    expect(next.resume).toMatchObject({ input: connection.resume.input && { known: 1 }, before: null })
    next.joins({ lostBytes: 0 }, { next: 1, proved: 1 }).opens(true)
    expect([next.typed, snapshot().lost]).toEqual(['bc', null])
  })

  it('that waits for the network longer than some seconds is given back', async () => {
    const connection = await live('relay')
    connection.fails({ cause: 'network-lost' })
    terminal.type('x')
    await line.refuse(new TypeError('no network'))
    expect(snapshot().lost).toBeNull()
    clock.advance(5_000)
    expect(snapshot().lost).toEqual({ notSent: 1, unknown: 0, hasText: true })
  })

  it('that was lost is kept to be read, to be sent again, or to be forgotten', async () => {
    const connection = await live('relay')
    connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 4_000 })
    terminal.type('secret\r')
    connection.relays({ type: 'line-opening', failure: null }).opens()
    expect(session.input.lostText).toBe('secret\r')
    session.input.sendAgain()
    expect([connection.typed, snapshot().lost, session.input.lostText]).toEqual(['secret\r', null, ''])
    connection.relays({ type: 'dropped', from: 0, to: 7, why: 'line-lost', fate: 'unknown' })
    expect(snapshot().lost).toEqual({ notSent: 0, unknown: 7, hasText: true })
    session.input.dismissLost()
    expect([snapshot().lost, session.input.lostText]).toEqual([null, ''])
  })

  it('that is under way when the console ends may have arrived', async () => {
    const connection = await live('relay')
    terminal.type('x')
    connection.fails({ cause: 'operator-ended' })
    expect(snapshot().lost).toEqual({ notSent: 0, unknown: 1, hasText: true })
  })

  it('leaves its numbers behind when the page goes, and not its text', async () => {
    const connection = await live('relay')
    terminal.type('secret')
    connection.relays({ type: 'taken', upTo: 2 })
    browser.dispatchEvent(new Event('pagehide'))
    expect(kept).toEqual({ stream: expect.stringMatching(/^[\w-]{16,64}$/), known: 2, sent: 6 })
  })

  it('of the page before a reload is asked after, and told', async () => {
    kept = { stream: 'before-before-before', known: 2, sent: 6 }
    const connection = await connect('relay')
    expect(connection.resume.before).toEqual({ stream: 'before-before-before', known: 2 })
    connection.joins({ before: { next: 4, proved: 3, dropped: [] } })
    expect(snapshot().lost).toEqual({ notSent: 2, unknown: 1, hasText: false })
  })

  it('of one who watches goes nowhere, with the reason', async () => {
    const connection = await live('relay')
    connection.hasViewers(2, viewer(1), viewer(2))
    terminal.type('x')
    expect(snapshot().notSent).toEqual({ at: now(), why: 'not-writer' })
    connection.joins({ may: { write: false, record: false, end: false } }).hasViewers(2, viewer(1), viewer(2))
    terminal.type('x')
    expect(snapshot().notSent?.why).toBe('may-not-write')
    expect(connection.typed).toBe('')
  })

  it('while the relay’s line is down has the relay try it now, if it can be asked', async () => {
    const connection = await live('relay')
    expect(snapshot().hurriesRelay).toBe(true)
    connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 4_000 })
    terminal.type('x')
    expect(connection.hurries).toBe(1)
    clock.advance(1_000)
    session.connect()
    expect(connection.hurries).toBe(2)
    expect(line.asked).toHaveLength(1)
  })

  it('that the relay gave back because another took the keyboard is announced', async () => {
    const connection = await live('relay')
    terminal.type('ls')
    connection
      .relays({ type: 'dropped', from: 0, to: 2, why: 'not-writer', fate: 'never-sent' })
      .hasViewers(2, viewer(1), viewer(2))
    expect(snapshot().lost).toEqual({ notSent: 2, unknown: 0, hasText: true })
    expect(session.input.lostText).toBe('ls')
  })
})

describe('a line that passes nothing', () => {
  it('is told with its silence, until something comes again', async () => {
    const connection = await live('relay')
    connection.handlers.onSilent(12_000)
    expect(lineStatus(snapshot())).toEqual({
      kind: 'unanswered',
      doubt: { by: 'relay', since: { wall: clock.now() - 12_000, steady: clock.steady.now() - 12_000 } },
      keyboard: 'ours',
    })
    connection.handlers.onSilent(null)
    expect(lineStatus(snapshot())).toMatchObject({ kind: 'live' })
  })

  it('ends with the connection', async () => {
    const connection = await live('relay')
    connection.handlers.onSilent(12_000)
    connection.fails({ cause: 'relay-silent' })
    expect(snapshot().silentSince).toBeNull()
    expect(kind()).toBe('waiting')
  })

  it('is known of a direct line only by the browser’s word', async () => {
    await live()
    browser.dispatchEvent(new Event('offline'))
    expect(lineStatus(snapshot())).toMatchObject({ kind: 'unanswered', doubt: { by: 'offline' } })
    browser.comesOnline()
    expect(lineStatus(snapshot())).toMatchObject({ kind: 'live' })
  })

  it('does not follow from the browser’s word where the relay beats', async () => {
    await live('relay')
    browser.dispatchEvent(new Event('offline'))
    expect(lineStatus(snapshot())).toMatchObject({ kind: 'live' })
  })
})

describe('a paste', () => {
  const text = 'x'.repeat(1_000)
  const stopped = { kind: 'stopped', sent: 256, total: 1_000 }

  it('is typed at the pace of a serial line, and tells how far it is', async () => {
    const connection = await live()
    session.paste(text)
    expect(connection.typed).toHaveLength(256)
    expect(snapshot().paste).toMatchObject({ kind: 'typing', sent: 256, total: 1_000 })
    clock.advance(1_000)
    expect(connection.typed).toBe(text)
    expect(snapshot().paste).toBeNull()
  })

  it('is bracketed where the program asked for it', async () => {
    const connection = await live()
    terminal.bracketedPaste = true
    session.paste('ls')
    expect(connection.typed).toBe('\x1b[200~ls\x1b[201~')
  })

  it('lets keys in between', async () => {
    const connection = await live()
    session.paste(text)
    terminal.type('y')
    clock.advance(1_000)
    expect(connection.typed).toBe(`${text.slice(0, 256)}y${text.slice(256)}`)
  })

  it('is overtaken and ended by Ctrl+C', async () => {
    const connection = await live()
    session.paste(text)
    terminal.type('\x03')
    clock.advance(1_000)
    expect(connection.typed).toBe(`${text.slice(0, 256)}\x03`)
    expect(snapshot().paste).toMatchObject({ ...stopped, kind: 'cancelled' })
  })

  it('is ended by a button for Ctrl+C, too, and its marks with it', async () => {
    const connection = await live()
    terminal.bracketedPaste = true
    session.paste(text)
    session.sendText('\x03')
    expect(connection.typed).toBe(`\x1b[200~${text.slice(0, 256)}\x1b[201~\x03`)
  })

  it('is cancelled in the middle', async () => {
    const connection = await live()
    session.paste(text)
    session.pasting.cancel()
    clock.advance(1_000)
    expect(connection.typed).toHaveLength(256)
    expect(snapshot().paste).toMatchObject({ ...stopped, kind: 'cancelled' })
  })

  it('gives way to the next', async () => {
    const connection = await live()
    session.paste(text)
    session.paste('y')
    clock.advance(1_000)
    expect(connection.typed).toBe(`${text.slice(0, 256)}y`)
  })

  it.each<[string, string, (connection: Awaited<ReturnType<typeof live>>) => void]>([
    ['the line is lost', 'line-down', (connection) => connection.fails({ cause: 'network-lost' })],
    [
      'the relay’s line is lost',
      'line-down',
      (connection) =>
        connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 1_000 }),
    ],
    [
      'another takes the keyboard',
      'not-writer',
      (connection) => connection.hasViewers(2, viewer(1), viewer(2)),
    ],
    ['the person lets go of the keyboard', 'not-writer', () => session.releaseKeyboard()],
    ['the person hands the keyboard over', 'not-writer', () => session.handKeyboard('viewer-2')],
    ['the person disconnects', 'line-down', () => session.disconnect()],
    ['the person ends the session for all', 'line-down', () => session.endForAll()],
  ])('stops where %s, and does not go on by itself', async (_, why, happens) => {
    const connection = await live('relay')
    session.paste(text)
    happens(connection)
    clock.advance(100)
    expect(snapshot().paste).toMatchObject({ ...stopped, why })
    expect(connection.typed).toHaveLength(256)
    // What is left of it is kept in one piece, and not dropped key by key.
    expect(snapshot().notSent).toBeNull()
  })

  it('stops where the relay dropped something of it', async () => {
    const connection = await live('relay')
    session.paste(text)
    connection.relays({ type: 'dropped', from: 0, to: 256, why: 'may-not-write', fate: 'never-sent' })
    clock.advance(100)
    expect(snapshot().paste).toMatchObject({ ...stopped, sent: 0, doubtful: 0, why: 'not-writer' })
  })

  it('goes on at the first byte that the relay’s line lost, and nothing of it is a lost key', async () => {
    const connection = await live('relay')
    session.paste(text)
    clock.advance(32)
    connection
      .relays({ type: 'dropped', from: 100, to: 512, why: 'line-lost', fate: 'never-sent' })
      .relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 1_000 })
    expect(snapshot()).toMatchObject({ paste: { ...stopped, sent: 100, doubtful: 0 }, lost: null })
    connection.relays({ type: 'line-opening', failure: null }).opens(true)
    connection.typed = ''
    session.pasting.resume()
    clock.advance(1_000)
    expect(connection.typed).toBe(text.slice(100))
  })

  it('counts what may have arrived when the relay’s line was lost', async () => {
    const connection = await live('relay')
    session.paste(text)
    connection.relays({ type: 'dropped', from: 200, to: 256, why: 'line-lost', fate: 'unknown' })
    expect(snapshot()).toMatchObject({ paste: { ...stopped, sent: 256, doubtful: 56 }, lost: null })
  })

  it('goes on over the next line, and not before somebody says so', async () => {
    const lost = await live()
    session.paste(text)
    lost.fails({ cause: 'gateway-closed' })
    session.connect()
    const next = await line.give(issuedConsole.direct)
    session.pasting.resume()
    expect(snapshot().paste).toMatchObject(stopped)
    next.opens().prints('login: ')
    clock.advance(1_000)
    expect(next.typed).toBe('')
    session.pasting.resume()
    clock.advance(1_000)
    expect(lost.typed + next.typed).toBe(text)
  })

  it('where nothing can be typed says why', async () => {
    session.paste('ls')
    expect(snapshot()).toMatchObject({ paste: null, notSent: { why: 'line-down' } })
    const connection = await live('relay')
    connection.hasViewers(2, viewer(1), viewer(2))
    session.paste('ls')
    expect(snapshot()).toMatchObject({ paste: null, notSent: { why: 'not-writer' } })
    expect(connection.typed).toBe('')
  })

  it('does not begin on a line that is not yet open', async () => {
    const connection = await connect()
    session.paste(text)
    expect(snapshot()).toMatchObject({ paste: null, notSent: { why: 'line-down' } })
    connection.opens().prints('login: ')
    clock.advance(1_000)
    expect(connection.typed).toBe('')
  })
})

describe('an answer of the terminal', () => {
  const POSITION = '\x1b[1;7R'

  it('goes to the machine that asked', async () => {
    const connection = await live()
    terminal.answer(POSITION)
    expect(connection.answered).toBe(POSITION)
  })

  it('goes nowhere from a viewer who watches, and nobody is told', async () => {
    const connection = await live('relay')
    connection.hasViewers(2, viewer(1), viewer(2))
    terminal.answer(POSITION)
    expect(connection.typed + connection.answered).toBe('')
    expect(snapshot().notSent).toBeNull()
  })

  it('goes nowhere while the line is down, tells nothing, and is no reason to try at once', async () => {
    const connection = await live()
    connection.fails({ cause: 'gateway-closed' })
    const asked = line.asked.length
    terminal.answer(POSITION)
    expect(line.asked).toHaveLength(asked)
    expect(kind()).toBe('waiting')
    expect(snapshot().notSent).toBeNull()
    expect(connection.typed + connection.answered).toBe('')
  })

  it('does not end a paste, whatever it is', async () => {
    const connection = await live()
    session.paste('x'.repeat(300))
    terminal.answer('\x03')
    clock.advance(1_000)
    expect([connection.typed, connection.answered]).toEqual(['x'.repeat(300), '\x03'])
  })

  it('is bounded in rate: 100,000 questions at once are answered with 4 KiB', async () => {
    const connection = await live()
    for (let count = 0; count < 100_000; count++) terminal.answer(POSITION)
    expect(connection.answered).toHaveLength(4_092)
    expect(snapshot().notSent).toBeNull()
    connection.answered = ''
    // A machine that goes on for a minute.
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000)
      for (let count = 0; count < 1_000; count++) terminal.answer(POSITION)
    }
    expect(connection.answered.length).toBeLessThanOrEqual(60 * 2_048 + 4)
    expect(connection.answered.length).toBeGreaterThan(60 * 2_040)
    // A person is not held up by it.
    terminal.type('ls')
    expect(connection.typed).toBe('ls')
  })
})

describe('a shared line', () => {
  it('shows who is on it, and tells of what happens there', async () => {
    const connection = await live('relay')
    connection.hasViewers(1, viewer(1))
    // Who is there when one comes is no news.
    expect(snapshot().news).toBeNull()
    expect(session.mayWrite).toBe(true)
    connection.hasViewers(1, viewer(1), viewer(2))
    expect(snapshot().news).toEqual({
      kind: 'joined',
      viewer: { name: 'Person 2', person: null, tab: null },
    })
    connection.hasViewers(2, viewer(1), viewer(2))
    expect(snapshot().news?.kind).toBe('taken')
    expect(session.mayWrite).toBe(false)
    connection.hasViewers(1, viewer(1), viewer(2))
    expect(snapshot().news?.kind).toBe('yours')
    connection.hasViewers(null, viewer(1), viewer(2))
    expect(snapshot().news?.kind).toBe('free')
    connection.hasViewers(null, viewer(1))
    expect(snapshot().news?.kind).toBe('left')
  })

  it('whose keyboard we handed over was not taken from us', async () => {
    const connection = await live('relay')
    connection.hasViewers(1, viewer(1), viewer(2))
    session.handKeyboard('viewer-2')
    connection.hasViewers(2, viewer(1), viewer(2))
    expect(snapshot().news?.kind).toBe('theirs')
    // Given back and taken: that is another matter.
    connection.hasViewers(1, viewer(1), viewer(2))
    connection.hasViewers(2, viewer(1), viewer(2))
    expect(snapshot().news?.kind).toBe('taken')
  })

  it('tells the relay what its viewer wants', async () => {
    const connection = await live('relay')
    session.takeKeyboard()
    session.releaseKeyboard()
    session.handKeyboard('viewer-2')
    session.record(true)
    session.stayConnected()
    session.endForAll()
    expect(connection.told).toEqual([
      { type: 'take' },
      { type: 'release' },
      { type: 'hand', viewer: 'viewer-2' },
      { type: 'record', on: true },
      { type: 'stay' },
      { type: 'end' },
    ])
  })

  it('knows that we ended it, until we connect again', async () => {
    const connection = await live('relay')
    session.endForAll()
    connection.fails({ cause: 'operator-ended' })
    expect(snapshot()).toMatchObject({ endedForAll: true, state: { kind: 'ended' } })
    session.connect()
    expect(snapshot().endedForAll).toBe(false)
  })

  it('shows whether it is recorded, and tells of a change', async () => {
    const connection = await live('relay')
    connection.relays({ type: 'recording', on: false, mayChange: true })
    expect(snapshot()).toMatchObject({ recording: { on: false, mayChange: true }, news: null })
    connection.relays({ type: 'recording', on: true, mayChange: true })
    expect(snapshot().news).toEqual({ kind: 'recorded' })
    connection.relays({ type: 'recording', on: false, mayChange: true })
    expect(snapshot().news).toEqual({ kind: 'not-recorded' })
  })

  it('warns of the limit that strikes first, until it is put off', async () => {
    const connection = await live('relay')
    connection.relays({ type: 'warning', limit: 'time-limit', endsInMs: 60_000 })
    connection.relays({ type: 'warning', limit: 'idle-limit', endsInMs: 20_000 })
    expect(snapshot().warning).toEqual({ limit: 'idle-limit', ends: wait(20_000) })
    connection.relays({ type: 'warning', limit: 'idle-limit', endsInMs: null })
    expect(snapshot().warning).toEqual({ limit: 'time-limit', ends: wait(60_000) })
    connection.relays({ type: 'warning', limit: 'time-limit', endsInMs: null })
    expect(snapshot().warning).toBeNull()
  })

  it('once lost shows nobody, and warns of nothing', async () => {
    const connection = await live('relay')
    connection
      .hasViewers(1, viewer(1), viewer(2))
      .hasViewers(1, viewer(1))
      .relays({ type: 'recording', on: true, mayChange: true })
      .relays({ type: 'warning', limit: 'idle-limit', endsInMs: 20_000 })
      .fails({ cause: 'network-lost' })
    expect(snapshot()).toMatchObject({ viewers: null, recording: null, warning: null, news: null })
    clock.advance(1_001)
    const next = await line.give(issuedConsole.relay)
    next.joins({ lostBytes: 0 }).relays({ type: 'warning', limit: 'time-limit', endsInMs: 60_000 })
    expect(snapshot().warning?.limit).toBe('time-limit')
  })
})

describe('disconnecting', () => {
  it('closes the line and says that nobody else did; connecting again goes on with a seam', async () => {
    const connection = await live()
    session.disconnect()
    expect(connection.closed).toBe(true)
    expect(state()).toEqual({ kind: 'ended', failure: null })
    expect(terminal.shown.at(-1)).toBe('clean')
    connection.fails({ cause: 'gateway-closed' })
    expect(state()).toEqual({ kind: 'ended', failure: null })
    clock.advance(9_000)
    expect(line.asked).toHaveLength(1)
    const next = await connect()
    next.opens().prints('back')
    expect(terminal.shown.slice(-2)).toEqual(['seam: line-lost 9000 ms', 'back'])
  })

  it('takes back a question that is under way', async () => {
    session.connect()
    session.disconnect()
    expect(line.asked[0]?.signal.aborted).toBe(true)
    await line.refuse(new DOMException('aborted', 'AbortError'))
    expect(state()).toEqual({ kind: 'ended', failure: null })
  })

  it('ends a wait for the next try', async () => {
    const connection = await live()
    connection.fails({ cause: 'gateway-closed' })
    session.disconnect()
    clock.advance(60_000)
    browser.comesOnline()
    expect(line.asked).toHaveLength(1)
    expect(kind()).toBe('ended')
  })
})

describe('disposing', () => {
  let listening: MockInstance<Browser['removeEventListener']>
  beforeEach(() => {
    listening = vi.spyOn(browser, 'removeEventListener')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['asks', async () => session.connect()],
    ['is live', () => live()],
    ['waits for the next try', async () => (await live()).fails({ cause: 'gateway-closed' })],
    [
      'pastes',
      async () => {
        await live()
        session.paste('x'.repeat(1_000))
      },
    ],
  ])('leaves nothing behind of a session that %s', async (_, prepare) => {
    await prepare()
    const told = vi.fn()
    session.subscribe(told)
    session.dispose()
    expect(clock.pending).toBe(0)
    expect(listening).toHaveBeenCalledWith('online', expect.any(Function))
    expect(line.asked.at(-1)?.signal.aborted).toBe(true)
    for (const connection of line.connections) expect(connection.closed).toBe(true)
    const asked = line.asked.length
    browser.comesOnline()
    clock.advance(600_000)
    expect(line.asked).toHaveLength(asked)
    expect(told).not.toHaveBeenCalled()
  })
})

describe('the size of the terminal', () => {
  const size = { columns: 132, rows: 43 }

  it('is told when it joins, and again when the window has settled', async () => {
    terminal.frame.own = { columns: 100, rows: 31 }
    const connection = await connect('relay')
    expect(connection.resume.size).toEqual({ columns: 100, rows: 31 })
    connection.joins().opens()
    terminal.frame.resizes({ columns: 101, rows: 31 })
    clock.advance(50)
    terminal.frame.resizes({ columns: 102, rows: 31 })
    expect(connection.told).toEqual([])
    clock.advance(200)
    expect(connection.told).toEqual([{ type: 'size', columns: 102, rows: 31 }])
  })

  it('is the writer’s while another viewer writes, also while the network is away', async () => {
    const connection = await connect('relay')
    connection.joins().opens().relays({ type: 'size', size })
    expect(terminal.frame.followed).toBeNull()
    connection.hasViewers(2, viewer(1), viewer(2))
    expect(terminal.frame.followed).toEqual(size)
    expect(snapshot().size).toEqual(size)
    connection.fails({ cause: 'proxy-unreachable' })
    expect(terminal.frame.followed).toEqual(size)
    clock.advance(60_000)
    const again = await line.give(issuedConsole.relay)
    again.joins().hasViewers(1, viewer(1), viewer(2))
    expect(terminal.frame.followed).toBeNull()
  })

  it('is its own where nobody has told one', async () => {
    const connection = await connect('relay')
    connection.joins().opens().relays({ type: 'size', size: null }).hasViewers(2, viewer(1), viewer(2))
    expect(terminal.frame.followed).toBeNull()
  })
})

describe('a character that the line has no bytes for', () => {
  it.each(['paste', 'sendText'] as const)('keeps all of the text from the line (%s)', async (way) => {
    const connection = await live()
    terminal.encoding = encodingOf('gbk')
    session[way]('中🚀文')
    expect(terminal.refusals).toEqual(['🚀'])
    expect(connection.typed).toBe('')
    expect(snapshot().paste).toBeNull()
  })
})

describe('a line that another page may have', () => {
  it('is asked about, opened by one answer, and asked about again after it was lost', async () => {
    session.connect()
    expect(line.asked.at(-1)?.ask).toBe(true)
    const failure = { cause: 'in-use', inUseBy: { name: 'Ada', yours: false, agoMs: 60_000 } } as const
    session.fail(failure)
    expect(state()).toEqual({ kind: 'ended', failure })
    session.openAnyway()
    expect(line.asked.at(-1)?.ask).toBe(false)
    const connection = await line.give(issuedConsole.direct)
    connection.opens().prints('login: ').fails({ cause: 'gateway-closed' })
    clock.advance(60_000)
    expect(line.asked.at(-1)?.ask).toBe(true)
  })

  it('is let go of when a person disconnects, leaves or closes the page, and not while it comes back', async () => {
    const connection = await live('direct')
    connection.fails({ cause: 'gateway-closed' })
    expect(released).toBe(0)
    clock.advance(60_000)
    await line.give(issuedConsole.direct)
    session.disconnect()
    expect(released).toBe(1)
    await live('direct')
    browser.dispatchEvent(new Event('pagehide'))
    expect(released).toBe(2)
    session.dispose()
    expect(released).toBe(2)
  })

  it('is not let go of where the relay has it', async () => {
    await live('relay')
    session.disconnect()
    expect(released).toBe(0)
  })
})
