import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import type { EmbedGrant } from '../../shared/embed.ts'
import { ManualClock } from '../../testing/clock.ts'
import { access } from '../api/access.ts'
import { firstState, Launch } from './launch.ts'

const PORTAL = 'https://portal.example.com'
const ada = { name: 'Ada', role: 'operator' } as const
const MINUTE = 60_000

afterEach(() => {
  vi.unstubAllGlobals()
  access.set({ by: 'cookie' })
})

/** A server that answers each exchange in turn. */
function start(...answers: (Partial<EmbedGrant> | Failure)[]) {
  const clock = new ManualClock(0)
  const asked: { ticket: unknown; authorization: string | null }[] = []
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const { ticket } = JSON.parse(String(init.body)) as { ticket: unknown }
    asked.push({ ticket, authorization: new Headers(init.headers).get('authorization') })
    const answer = answers.shift() ?? {}
    if ('cause' in answer) return Response.json({ error: answer }, { status: 401 })
    return Response.json({
      bearer: `bearer-${asked.length}`,
      expiresInMs: 15 * MINUTE,
      server: 'server-1',
      user: ada,
      theme: null,
      language: null,
      ...answer,
    })
  })
  const happened: string[] = []
  const launch = new Launch(
    'server-1',
    {
      onGranted: () => happened.push('granted'),
      onRefused: ({ cause }) => happened.push(`refused: ${cause}`),
      onExpiring: () => happened.push('expiring'),
      onRenewed: () => happened.push('renewed'),
      onExpired: () => happened.push('over'),
    },
    { kind: 'waiting' },
    clock,
  )
  return { launch, clock, asked, happened }
}

describe('Launch', () => {
  it('exchanges a ticket for a bearer', async () => {
    const { launch, asked, happened } = start()
    await launch.launch('one')
    expect(launch.getSnapshot()).toEqual({ kind: 'open', user: ada, opening: 1 })
    expect(access.get()).toEqual({ by: 'bearer', bearer: 'bearer-1' })
    expect(asked).toEqual([{ ticket: 'one', authorization: null }])
    expect(happened).toEqual(['granted'])
  })

  it('renews with the current bearer, and stays open', async () => {
    const { launch, clock, asked, happened } = start()
    await launch.launch('one')
    const before = launch.getSnapshot()
    clock.advance(14 * MINUTE)
    await launch.renew('two')
    expect(asked[1]).toEqual({ ticket: 'two', authorization: 'Bearer bearer-1' })
    expect(launch.getSnapshot()).toBe(before)
    expect(access.get()).toEqual({ by: 'bearer', bearer: 'bearer-2' })
    clock.advance(13 * MINUTE)
    expect(happened).toEqual(['granted', 'expiring', 'renewed'])
  })

  it.each([
    ['a day ahead', 1_440 * MINUTE],
    ['a day behind', -1_440 * MINUTE],
  ])('keeps its bearer for 15 minutes, its clock being %s', async (_, off) => {
    const { launch, clock, happened } = start()
    clock.set(off)
    await launch.launch('one')
    clock.advance(14 * MINUTE - 1)
    expect(happened).toEqual(['granted'])
    clock.advance(1)
    expect(happened).toEqual(['granted', 'expiring'])
    clock.advance(MINUTE)
    expect(happened).toEqual(['granted', 'expiring', 'over'])
  })

  it('asks for a ticket when it wakes after its bearer has expired, and goes on with it', async () => {
    const { launch, clock, asked, happened } = start()
    await launch.launch('one')
    // Asleep, no timer runs.
    clock.set(1_440 * MINUTE)
    clock.advance(MINUTE / 4)
    expect(happened).toEqual(['granted', 'expiring', 'over'])
    await launch.renew('two')
    expect(asked[1]).toEqual({ ticket: 'two', authorization: null })
    expect(happened.at(-1)).toBe('renewed')
    expect(launch.getSnapshot().kind).toBe('open')
  })

  it('drops a bearer that nobody renewed', async () => {
    const { launch, clock, happened } = start()
    await launch.launch('one')
    clock.advance(15 * MINUTE)
    expect(happened).toEqual(['granted', 'expiring', 'over'])
    expect(access.get()).toEqual({ by: 'bearer', bearer: null })
  })

  it('takes a ticket that came after the end, and keeps the same person’s screen', async () => {
    const { launch, asked, happened } = start({}, { cause: 'sign-in-needed' })
    await launch.launch('one')
    await launch.renew('two')
    expect(asked.map(({ authorization }) => authorization)).toEqual([null, 'Bearer bearer-1', null])
    expect(launch.getSnapshot()).toMatchObject({ opening: 1 })
    expect(happened).toEqual(['granted', 'renewed'])
  })

  it('begins with an empty screen when the ticket is another person’s', async () => {
    const { launch } = start({}, { cause: 'sign-in-needed' }, { user: { ...ada, name: 'Bob' } })
    await launch.launch('one')
    await launch.renew('two')
    expect(launch.getSnapshot()).toMatchObject({ opening: 2, user: { name: 'Bob' } })
  })

  it('stays open when a new ticket is refused', async () => {
    const { launch, happened } = start({}, { cause: 'launch-refused' })
    await launch.launch('one')
    await launch.renew('forged')
    expect(launch.getSnapshot()).toMatchObject({ kind: 'open', opening: 1 })
    expect(access.get()).toEqual({ by: 'bearer', bearer: 'bearer-1' })
    expect(happened).toEqual(['granted', 'refused: launch-refused'])
  })

  it('refuses a ticket of another server', async () => {
    const { launch } = start({ server: 'server-2' })
    await launch.launch('one')
    expect(launch.getSnapshot()).toMatchObject({
      kind: 'refused',
      failure: { cause: 'launch-refused' },
      ticket: null,
    })
    expect(access.get()).toEqual({ by: 'bearer', bearer: null })
  })

  it('keeps a ticket that did not arrive', async () => {
    const { launch } = start()
    vi.stubGlobal('navigator', { onLine: true })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    await launch.launch('one')
    expect(launch.getSnapshot()).toEqual({
      kind: 'refused',
      failure: { cause: 'proxy-unreachable' },
      ticket: 'one',
    })
  })

  it('follows the last of several tickets', async () => {
    const { launch, happened } = start({ user: { ...ada, name: 'Bob' } }, {})
    await Promise.all([launch.launch('one'), launch.launch('two')])
    expect(launch.getSnapshot()).toMatchObject({ opening: 1, user: { name: 'Ada' } })
    expect(happened).toEqual(['granted'])
  })
})

describe('firstState', () => {
  const settings = { origins: [PORTAL] }
  it.each([
    ['on its own', settings, { framed: false, parentOrigin: null }, { kind: 'alone' }],
    ['in a listed page', settings, { framed: true, parentOrigin: PORTAL }, { kind: 'waiting' }],
    ['where the browser does not tell', settings, { framed: true, parentOrigin: null }, { kind: 'waiting' }],
    [
      'in another page',
      settings,
      { framed: true, parentOrigin: 'https://other.example.com' },
      { kind: 'misplaced', origin: 'https://other.example.com' },
    ],
    [
      'with embedding off',
      { origins: [] },
      { framed: true, parentOrigin: PORTAL },
      { kind: 'refused', failure: { cause: 'embed-off' } },
    ],
  ])('%s', (_where, given, surroundings, expected) => {
    expect(firstState(given, surroundings)).toMatchObject(expected)
  })
})
