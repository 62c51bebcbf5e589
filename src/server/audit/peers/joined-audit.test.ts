import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { AuditCursor, type AuditFilter } from '../../../shared/audit.ts'
import { testAudit } from '../../../testing/audit.ts'
import { ManualClock } from '../../../testing/clock.ts'
import type { Peer } from '../../replicas/peer.ts'
import { peerAuditRoute } from '../../routes/audit.ts'
import type { AuditLog } from '../audit.ts'
import { csvOf } from '../csv.ts'
import { FileLog } from '../file-log.ts'
import { readPage } from '../read-page.ts'
import { JoinedAudit } from './joined-audit.ts'
import { uncut } from './reading.ts'
import { MOST_EVENTS } from './wire.ts'

const now = () => Date.parse('2026-03-01T12:00:00Z')

/** Another replica, asked without a network */
function peerOf(id: string, audit: AuditLog, store: string | null = null) {
  const app = Fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  peerAuditRoute(app, { audit, store, replicaId: id, now })
  onTestFinished(() => app.close())
  const peer: Peer & { asked: number; there: boolean } = {
    id,
    asked: 0,
    there: true,
    async get(path) {
      peer.asked += 1
      if (!peer.there) return null
      const answer = await app.inject({ url: path })
      return { status: answer.statusCode, header: () => undefined, body: answer.rawPayload }
    },
  }
  return peer
}

async function fileLog() {
  const dir = await mkdtemp(join(tmpdir(), 'joined-audit-'))
  const log = await FileLog.open({
    path: join(dir, 'audit.log'),
    maxBytes: 16 * 1024,
    files: 10,
    log: pino({ level: 'silent' }),
    clock: new ManualClock(),
  })
  onTestFinished(async () => {
    await log.close()
    await rm(dir, { recursive: true })
  })
  return log
}

/** An event of this second, which is its detail, too */
const tell = (log: AuditLog, second: number) =>
  log.record('power', {
    outcome: 'done',
    user: null,
    from: 'a',
    detail: String(second),
    time: new Date(now() - 3_600_000 + second * 1_000).toISOString(),
  })

function joinedAt(
  own: AuditLog,
  peers: readonly Peer[],
  stores: string[] | null = [],
  store: string | null = null,
) {
  const options = {
    audit: own,
    store,
    replicaId: 'own',
    peers: () => peers,
    stores: async () => stores && new Set(stores),
    now,
  }
  return {
    open: (filter: AuditFilter = {}, before: string | null = null) =>
      JoinedAudit.open(options, filter, before),
    async page(take: number, before: string | null = null, filter: AuditFilter = {}, timeIsUp = () => false) {
      const joined = await JoinedAudit.open(options, filter, before)
      const page = await readPage(joined.search, { take, sees: () => true, timeIsUp })
      if (page.older !== null) AuditCursor.parse(page.older)
      return { ...page, away: joined.away, details: page.events.map(({ detail }) => Number(detail)) }
    },
  }
}

const downFrom = (from: number) => Array.from({ length: from + 1 }, (_, index) => from - index)

it.each([1, 7, 50, 1_000])(
  'is one log of all, in pages of %i, at whichever replica answers',
  async (take) => {
    const logs = [testAudit(), testAudit(), await fileLog()] as const
    const EVENTS = take === 1 ? 30 : 3 * MOST_EVENTS
    for (let second = 0; second < EVENTS; second++)
      tell(logs[(second * second) % 3 === 1 ? 1 : second % 2 ? 2 : 0], second)
    const [a, b, c] = [peerOf('own', logs[0]), peerOf('b', logs[1]), peerOf('c', logs[2], 'store-c')]
    const at = [joinedAt(logs[0], [b, c], ['store-c']), joinedAt(logs[2], [a, b], ['store-c'], 'store-c')]
    const all: number[] = []
    let before: string | null = null
    for (let turn = 0; ; turn++) {
      const page: Awaited<ReturnType<ReturnType<typeof joinedAt>['page']>> | undefined = await at[
        turn % 2
      ]?.page(take, before)
      if (!page) throw new Error('one of the two')
      expect([page.complete, page.away]).toEqual([true, false])
      all.push(...page.details)
      before = page.older
      if (before === null) break
      // What happens meanwhile is newer than every page that follows.
      for (const log of logs) tell(log, EVENTS + turn)
    }
    expect(all).toEqual(downFrom(EVENTS - 1))
  },
)

it('asks each log for what matches alone, and goes on where it ran out of time', async () => {
  const [own, other] = [testAudit(), testAudit()]
  for (let second = 0; second < 1_000; second++) tell(second % 2 ? own : other, second)
  const filter = { from: new Date(now() - 3_600_000 + 990_000).toISOString() }
  const peer = peerOf('b', other)
  const logs = joinedAt(own, [peer])
  expect((await logs.page(50, null, filter)).details).toEqual(downFrom(999).slice(0, 10))
  expect(peer.asked).toBe(1)

  const found: number[] = []
  let before: string | null = null
  do {
    const page: Awaited<ReturnType<typeof logs.page>> = await logs.page(1_000, before, {}, () => true)
    found.push(...page.details)
    before = page.older
  } while (before !== null)
  expect(found).toEqual(downFrom(999))
})

it('says that events may be missing, and has them on older pages when their replica is back', async () => {
  const [own, other] = [testAudit(), testAudit()]
  for (let second = 0; second < 40; second++) tell(second % 2 ? own : other, second)
  const peer = peerOf('b', other)
  const logs = joinedAt(own, [peer])
  peer.there = false
  const first = await logs.page(5)
  expect(first).toMatchObject({ away: true, details: [39, 37, 35, 33, 31] })
  peer.there = true
  // Only what is older than what was shown
  expect(await logs.page(4, first.older)).toMatchObject({ away: false, details: [30, 29, 28, 27] })

  expect((await joinedAt(own, [], ['store-gone']).page(1)).away).toBe(true)
  expect((await joinedAt(own, [], null).page(1)).away).toBe(true)
  expect((await joinedAt(own, [], []).page(1)).away).toBe(false)
})

it('keeps the place in a log that goes away between two pages', async () => {
  const [own, other] = [testAudit(), testAudit()]
  for (let second = 0; second < 20; second++) tell(second % 2 ? own : other, second)
  const peer = peerOf('b', other)
  const logs = joinedAt(own, [peer])
  const first = await logs.page(4)
  peer.there = false
  const second = await logs.page(2, first.older)
  peer.there = true
  const third = await logs.page(2, second.older)
  expect([first, second, third].map(({ details }) => details)).toEqual([
    [19, 18, 17, 16],
    [15, 13],
    [14, 12],
  ])
})

it('is away from the moment a replica goes away in the middle of reading', async () => {
  const [own, other] = [testAudit(), testAudit()]
  for (let second = 0; second < 3 * MOST_EVENTS; second++) tell(other, second)
  const peer = peerOf('b', other)
  const joined = await joinedAt(own, [peer]).open()
  const download = csvOf(uncut(await joinedAt(own, [peer]).open()), () => true)
  await download.next()
  expect(joined.away).toBe(false)
  peer.there = false
  const page = await readPage(joined.search, { take: 10_000, sees: () => true, timeIsUp: () => false })
  expect([page.events.length, joined.away]).toEqual([MOST_EVENTS, true])
  // The person who downloads it sees that it is cut off.
  const rest = async () => {
    for await (const piece of download) expect(piece).not.toBe('')
  }
  await expect(rest()).rejects.toThrow('went away')
})

it('has the events of two replicas once that write into the same file', async () => {
  const shared = await fileLog()
  for (let second = 0; second < 20; second++) tell(shared, second)
  const logs = joinedAt(shared, [peerOf('b', shared, 'store-a')], ['store-a'], 'store-a')
  const first = await logs.page(10)
  expect((await logs.page(10, first.older)).details).toEqual(downFrom(9))
  expect(first).toMatchObject({ away: false, details: downFrom(19).slice(0, 10) })
})

it('takes an answer that is none for silence', async () => {
  const strange: Peer = {
    id: 'x',
    get: async () => ({ status: 200, header: () => undefined, body: Buffer.from('{"found":"yes"}') }),
  }
  expect((await joinedAt(testAudit(), [strange]).page(1)).away).toBe(true)
})
