import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../shared/cause.ts'
import type { Moment } from '../../../shared/clock.ts'
import type { Viewer } from '../../../shared/relay-protocol.ts'
import { keysWereLost, lineNotice, noticeChanges } from './line-notice.ts'
import {
  badgeOf,
  lineAction,
  lineStatus,
  type Machine,
  mayTakeKeyboard,
  mayType,
  type StatusSource,
  spokenStatus,
} from './line-status.ts'
import { retriedIn, type SessionState } from './model.ts'
import { initialSnapshot } from './snapshot.ts'
import type { Viewers } from './viewers.ts'

const failure: Failure = { cause: 'network-lost', detail: 'close 1006' }
const viewer = (id: string, role: Viewer['role']): Viewer => ({
  id,
  name: id,
  number: 1,
  tab: 1,
  mayWrite: true,
  role,
  owner: false,
})
const watched: Viewers = { you: 'a', all: [viewer('a', 'viewer'), viewer('b', 'writer')] }
const may = { write: true, end: false, record: false }

/** Both clocks go alike. */
const at = (ms: number) => ({ wall: ms, steady: ms })
const wait = { since: at(1_000), ms: 8_000 }

const states = {
  idle: { kind: 'idle' },
  issuing: { kind: 'issuing' },
  opening: { kind: 'opening', transport: 'relay' },
  silent: { kind: 'silent', transport: 'relay', since: at(1_000) },
  live: { kind: 'live', transport: 'relay', since: at(1_000) },
  recovering: { kind: 'recovering', transport: 'relay', failure, wait },
  waiting: { kind: 'waiting', failure, wait },
  ended: { kind: 'ended', failure: null },
  failed: { kind: 'ended', failure: { cause: 'gateway-forbidden' } },
  asked: { kind: 'ended', failure: { cause: 'in-use' } },
  endedForAll: { kind: 'ended', failure: { cause: 'operator-ended' } },
} satisfies Record<string, SessionState>

interface Case extends Partial<StatusSource> {
  machine?: Machine
}

const status = (state: SessionState, { machine = null, ...rest }: Case = {}) =>
  lineStatus({ ...initialSnapshot, state, may, ...rest }, machine)

describe('lineStatus', () => {
  it.each([
    ['idle', 'idle', 'connect', false, 'connecting'],
    ['issuing', 'issuing', 'disconnect', false, 'connecting'],
    ['opening', 'opening', 'disconnect', false, 'connecting'],
    ['silent', 'silent', 'disconnect', true, 'connecting'],
    ['live', 'live', 'disconnect', true, 'live'],
    ['recovering', 'recovering', 'disconnect', false, null],
    ['waiting', 'waiting', 'reconnect', false, null],
    ['ended', 'ended', 'reconnect', false, null],
    ['failed', 'ended', 'reconnect', false, null],
    ['asked', 'idle', 'connect', false, null],
    ['endedForAll', 'ended', 'reconnect', false, null],
  ] as const)('shows a session that is %s everywhere alike', (name, badge, action, typing, spoken) => {
    const shown = status(states[name])
    expect(badgeOf(shown)).toBe(badge)
    expect(lineAction(shown)).toBe(action)
    expect(mayType(shown)).toBe(typing)
    expect(mayTakeKeyboard(shown)).toBe(false)
    expect(spokenStatus(shown)).toBe(spoken)
  })

  it('shows an open line as watched while another viewer has the keyboard', () => {
    for (const state of [states.silent, states.live]) {
      const shown = status(state, { viewers: watched })
      expect(badgeOf(shown)).toBe('watching')
      expect(mayType(shown)).toBe(false)
      expect(mayTakeKeyboard(shown)).toBe(true)
    }
    expect(spokenStatus(status(states.live, { viewers: watched }))).toBe('watching')
  })

  it('doubts an open line that passes nothing, whatever the machine said before', () => {
    const silent = { silentSince: at(1_000) }
    for (const state of [states.live, states.silent]) {
      const shown = status(state, silent)
      expect(shown).toEqual({
        kind: 'unanswered',
        doubt: { by: 'relay', since: at(1_000) },
        keyboard: 'ours',
      })
      expect(badgeOf(shown)).toBe('unanswered')
      expect(lineAction(shown)).toBe('disconnect')
      expect(mayType(shown)).toBe(true)
      expect(spokenStatus(shown)).toBeNull()
      expect(mayTakeKeyboard(status(state, { ...silent, viewers: watched }))).toBe(true)
    }
    expect(status(states.waiting, silent).kind).toBe('waiting')
  })

  it('doubts a direct line of a computer that is offline: nothing else tells there', () => {
    const direct: SessionState = { kind: 'live', transport: 'direct', since: at(1_000) }
    expect(status(direct, { offline: true })).toMatchObject({ kind: 'unanswered', doubt: { by: 'offline' } })
    expect(status(states.live, { offline: true }).kind).toBe('live')
    expect(status(states.waiting, { offline: true }).kind).toBe('waiting')
  })

  it('offers no keyboard to a role that may only watch', () => {
    const shown = status(states.live, { viewers: watched, may: { ...may, write: false } })
    expect(badgeOf(shown)).toBe('watching')
    expect(mayTakeKeyboard(shown)).toBe(false)
  })

  it('shows a line that is not open as what it is, whoever has the keyboard', () => {
    expect(badgeOf(status(states.recovering, { viewers: watched }))).toBe('recovering')
  })

  it('tells an end that we asked for from one that came by itself', () => {
    expect(status(states.ended)).toEqual({ kind: 'ended', by: 'you' })
    expect(status(states.endedForAll, { endedForAll: true })).toEqual({ kind: 'ended', by: 'you-for-all' })
    expect(status(states.endedForAll)).toEqual({
      kind: 'failed',
      failure: { cause: 'operator-ended' },
      spoke: false,
    })
    // Ended for all by us, but the line failed before the relay did it.
    expect(status(states.failed, { endedForAll: true })).toEqual({
      kind: 'failed',
      failure: { cause: 'gateway-forbidden' },
      spoke: false,
    })
  })

  it('asks to connect again only where this page had the line', () => {
    expect(lineAction(status(states.asked))).toBe('connect')
    expect(lineAction(status(states.asked, { spoke: true }))).toBe('reconnect')
  })

  it.each(['unsupported-os', 'server-not-found'] as const)(
    'says of a server without a console that nothing began, unless this page had its line: %s',
    (cause) => {
      const final: SessionState = { kind: 'ended', failure: { cause } }
      expect(badgeOf(status(final))).toBe('idle')
      expect(lineAction(status(final))).toBe('connect')
      expect(badgeOf(status(final, { spoke: true }))).toBe('ended')
      expect(lineAction(status(final, { spoke: true }))).toBe('reconnect')
    },
  )

  it('keeps the spoken word back while a failure is being retried', () => {
    expect(spokenStatus(status(states.opening, { retried: failure }))).toBeNull()
    expect(spokenStatus(status(states.silent, { retried: failure }))).toBeNull()
  })
})

describe('retriedIn', () => {
  it('keeps a failure through each try, until the line is live or has ended', () => {
    expect(retriedIn(states.waiting, null)).toEqual(failure)
    expect(retriedIn(states.recovering, null)).toEqual(failure)
    for (const state of [states.issuing, states.opening, states.silent])
      expect(retriedIn(state, failure)).toEqual(failure)
    for (const state of [states.live, states.ended, states.idle]) expect(retriedIn(state, failure)).toBeNull()
  })
})

describe('lineNotice', () => {
  const notice = (state: SessionState, { now = 2_000, notSent = null, ...rest }: NoticeCase = {}) =>
    lineNotice(status(state, rest), notSent, at(now))
  interface NoticeCase extends Case {
    now?: number
    notSent?: Parameters<typeof lineNotice>[1]
  }

  it('has nothing to say of a line that is live, or on its way', () => {
    for (const state of [states.idle, states.issuing, states.opening, states.silent, states.live])
      expect(notice(state)).toBeNull()
  })

  it('speaks of silence after a second and a half', () => {
    expect(notice(states.silent, { now: 2_499 })).toBeNull()
    expect(notice(states.silent, { now: 2_500 })).toEqual({ kind: 'silent', keyboard: 'ours' })
    expect(notice(states.silent, { now: 2_500, viewers: watched })).toEqual({
      kind: 'silent',
      keyboard: 'theirs',
    })
  })

  it('keeps a retried failure through each try, and then through the first silence', () => {
    const trying = { kind: 'retrying', failure, leftMs: null, mayHurry: false }
    for (const state of [states.issuing, states.opening])
      expect(notice(state, { retried: failure })).toEqual(trying)
    // The badge says "Connected" now, so the notice must not speak of another try.
    expect(notice(states.silent, { retried: failure })).toEqual({ kind: 'reopened', failure })
    expect(notice(states.silent, { retried: failure, now: 2_500 })).toMatchObject({ kind: 'silent' })
  })

  it('lets the page hurry its own retries, and those of a relay that can be asked', () => {
    const retrying = { kind: 'retrying', failure, leftMs: 7_000 }
    expect(notice(states.waiting)).toEqual({ ...retrying, mayHurry: true })
    expect(notice(states.recovering)).toEqual({ ...retrying, mayHurry: false })
    expect(notice(states.recovering, { hurriesRelay: true })).toEqual({ ...retrying, mayHurry: true })
  })

  it('says that a try is under way once the wait is over', () => {
    const trying = { kind: 'retrying', failure, leftMs: null, mayHurry: false }
    for (const state of [states.waiting, states.recovering])
      expect(notice(state, { now: 9_000, hurriesRelay: true })).toEqual(trying)
  })

  it('counts down by a clock that nobody sets', () => {
    const left = (now: Moment) => lineNotice(status(states.waiting), null, now)
    expect(left({ wall: 3_000 - 86_400_000, steady: 3_000 })).toMatchObject({ leftMs: 6_000 })
    // The computer slept for a day, or its clock was set: the wait is over.
    expect(left({ wall: 3_000 + 86_400_000, steady: 3_000 })).toMatchObject({ leftMs: null })
  })

  it('never says that nothing came where something has', () => {
    const spoke = { now: 2_500, spoke: true }
    expect(notice(states.silent, spoke)).toEqual({ kind: 'quiet', keyboard: 'ours' })
    expect(notice(states.silent, { ...spoke, viewers: watched })).toEqual({
      kind: 'quiet',
      keyboard: 'theirs',
    })
    expect(badgeOf(status(states.silent, { spoke: true }))).toBe('connected')
  })

  it('says that the server is off, and the badge says no more than that we are connected', () => {
    for (const state of [states.silent, states.live]) {
      expect(notice(state, { now: 2_500, machine: 'off' })).toEqual({ kind: 'off' })
      expect(badgeOf(status(state, { machine: 'off' }))).toBe('connected')
    }
    expect(notice(states.waiting, { machine: 'off' })).toMatchObject({ kind: 'retrying' })
  })

  it('says that the server is still being created, until it prints something', () => {
    const building = { now: 2_500, machine: 'building' } as const
    expect(notice(states.silent, building)).toEqual({ kind: 'building' })
    expect(notice(states.silent, { ...building, spoke: true })).toMatchObject({ kind: 'quiet' })
    expect(notice(states.live, building)).toBeNull()
  })

  it('says for ten seconds that a watcher’s keys went nowhere', () => {
    const notSent = { at: at(1_000), why: 'not-writer' } as const
    const watching = { viewers: watched, notSent }
    expect(notice(states.live, watching)).toEqual({ kind: 'not-writer', mayTake: true })
    expect(notice(states.silent, { ...watching, now: 10_999 })).toEqual({
      kind: 'not-writer',
      mayTake: true,
    })
    expect(notice(states.live, { ...watching, now: 11_000 })).toBeNull()
    expect(notice(states.live, { ...watching, may: { ...may, write: false } })).toEqual({
      kind: 'not-writer',
      mayTake: false,
    })
    // The keyboard has come since.
    expect(notice(states.live, { notSent })).toBeNull()
    // The line was down: whose keyboard it was does not matter.
    expect(notice(states.live, { viewers: watched, notSent: { at: at(1_000), why: 'line-down' } })).toBeNull()
  })

  it('says that an open line passes nothing', () => {
    for (const state of [states.live, states.silent]) {
      const doubt = { by: 'relay', since: at(1_000) }
      expect(notice(state, { silentSince: at(1_000), now: 60_000 })).toEqual({ kind: 'unanswered', doubt })
    }
  })

  it('says how it ended', () => {
    expect(notice(states.ended)).toEqual({ kind: 'ended', by: 'you' })
    expect(notice(states.endedForAll, { endedForAll: true })).toEqual({ kind: 'ended', by: 'you-for-all' })
    expect(notice(states.failed)).toEqual({ kind: 'failed', failure: { cause: 'gateway-forbidden' } })
  })

  it('is looked at again for as long as time alone can change it', () => {
    const sources: NoticeCase[] = [
      {},
      { viewers: watched },
      { silentSince: at(1_000) },
      { machine: 'off' },
      { viewers: watched, notSent: { at: at(1_000), why: 'not-writer' } },
      { notSent: { at: at(1_000), why: 'line-down' } },
    ]
    for (const state of Object.values(states))
      for (const { notSent = null, ...source } of sources) {
        const line = status(state, source)
        for (let now = 1_000; now < 20_000; now += 500)
          if (!noticeChanges(line, notSent, at(now))) {
            const later = at(now + 100_000)
            expect(lineNotice(line, notSent, later)).toEqual(lineNotice(line, notSent, at(now)))
            expect(keysWereLost(notSent, later)).toBe(keysWereLost(notSent, at(now)))
          }
        // Whatever comes, the page is still at last, unless it counts.
        const counts = line.kind === 'waiting' || line.kind === 'unanswered'
        expect(noticeChanges(line, notSent, at(200_000))).toBe(counts)
      }
  })

  it('says for four seconds that keys were lost', () => {
    const notSent = { at: at(1_000), why: 'line-down' } as const
    expect(keysWereLost(notSent, at(4_999))).toBe(true)
    expect(keysWereLost(notSent, at(5_000))).toBe(false)
    expect(keysWereLost(null, at(5_000))).toBe(false)
  })
})
