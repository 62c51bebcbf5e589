import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import type { Peer } from '../../replicas/peer.ts'
import { peerLogRoutes } from '../../routes/peer-logs.ts'
import { logsOf } from '../reading/logs.ts'
import { rawBytes } from '../reading/raw-bytes.ts'
import type { LogReader } from '../store/store.ts'
import { JoinedLogs } from './joined-logs.ts'
import { MOST_MARKS } from './wire.ts'

const server = { id: 'id-db', name: 'db-01' }
const ref = { server, project: { id: 'p1', name: null } }
const named = (id: string) => Object.assign(new MemoryStore(), { id })

/** Another replica, asked without a network */
function peerOf(id: string, store: MemoryStore | null) {
  const app = Fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  peerLogRoutes(app, { store })
  onTestFinished(() => app.close())
  const asked: string[] = []
  const peer: Peer & { asked: string[]; there: boolean } = {
    id,
    asked,
    there: true,
    async get(path) {
      asked.push(path)
      if (!peer.there) return null
      const answer = await app.inject({ url: path })
      const header = (name: string) => {
        const value = answer.headers[name]
        return value === undefined ? undefined : String(value)
      }
      return { status: answer.statusCode, header, body: answer.rawPayload }
    },
  }
  return peer
}

function joined(own: MemoryStore, peers: readonly Peer[], stores: string[] | null = []) {
  const clock = new ManualClock()
  return new JoinedLogs({
    own: logsOf(own, clock),
    ownStore: own.id,
    peers: () => peers,
    stores: async () => stores && new Set(stores),
    clock,
  })
}

async function textOf(reader: LogReader, most = 1_000_000) {
  const pieces: Buffer[] = []
  for (let next = reader.start; ; ) {
    const { at, bytes } = await reader.read(next, most)
    if (bytes.length === 0) return Buffer.concat(pieces).toString()
    pieces.push(bytes)
    next = at + bytes.length
  }
}

/** One line that two replicas had in turn */
function inTurns() {
  const [here, there] = [named('store-a'), named('store-b')]
  there.line(ref).append(Buffer.from('one\n'), 1_000)
  there.line(ref).mark({ kind: 'boot' }, 1_500)
  here.line(ref).lose(4, 2_000)
  here.line(ref).append(Buffer.from('two\n'), 2_000)
  there.line(ref).lose(4, 3_000)
  there.line(ref).append(Buffer.from('three\n'), 3_000)
  return { here, there }
}

it('is one log of what both have, with its marks and times', async () => {
  const { here, there } = inTurns()
  const log = await joined(here, [peerOf('b', there)], ['store-a', 'store-b']).open(server.id)
  expect([log.start, log.end, log.away, log.line]).toEqual([0, 14, false, ref])
  expect(await textOf(log)).toBe('one\ntwo\nthree\n')
  expect(await textOf(log, 3)).toBe('one\ntwo\nthree\n')
  expect(await log.marks(0, 14)).toEqual([{ at: 4, time: 1_500, mark: { kind: 'boot' } }])
  expect(await Promise.all([0, 4, 8, 13].map((at) => log.timeOf(at)))).toEqual([1_000, 2_000, 3_000, 3_000])
  expect(await log.offsetOf(2_500)).toBe(8)
})

it('knows a line that only another replica has, by its name', async () => {
  const { there } = inTurns()
  const logs = joined(named('store-a'), [peerOf('b', there), peerOf('c', null)], ['store-b'])
  expect(await logs.lines()).toEqual({ lines: [ref], away: false })
  const log = await logs.open(server.id)
  expect([log.line, await textOf(log), log.away]).toEqual([ref, 'one\nthree\n', false])
  expect((await logs.open('nobody-knows-it')).end).toBe(0)
})

it('says that a part may be away: where a replica does not answer, or is not there, or nobody knows', async () => {
  const { here, there } = inTurns()
  const peer = peerOf('b', there)
  const isAway = async (logs: JoinedLogs) => [(await logs.open(server.id)).away, (await logs.lines()).away]
  expect(await isAway(joined(here, [peer]))).toEqual([false, false])
  expect(await isAway(joined(here, [], ['store-a', 'store-b']))).toEqual([true, true])
  expect(await isAway(joined(here, [], null))).toEqual([true, true])
  const log = await joined(here, [peer]).open(server.id)
  peer.there = false
  expect(await isAway(joined(here, [peer]))).toEqual([true, true])
  // In the middle of reading, too
  expect([await textOf(log), log.away]).toEqual(['two\n', true])
})

it('ends a download from which a replica goes away', async () => {
  const { here, there } = inTurns()
  const peer = peerOf('b', there)
  const log = await joined(here, [peer]).open(server.id)
  peer.there = false
  await expect(rawBytes(log, 0, log.end).next()).rejects.toThrow('does not answer')
})

it('takes an answer that is none for silence', async () => {
  const { here } = inTurns()
  const strange: Peer = {
    id: 'x',
    get: async () => ({ status: 200, header: () => undefined, body: Buffer.from('{"log":"yes"}') }),
  }
  expect((await joined(here, [strange]).open(server.id)).away).toBe(true)
})

it('asks for many marks in parts, and for near bytes and times once', async () => {
  const there = named('store-b')
  const line = there.line(ref)
  for (let index = 0; index < 3 * MOST_MARKS; index++) {
    line.mark({ kind: 'power', action: 'reboot', by: `Ada ${index}` }, index)
    if (index % 3 === 0) line.append(Buffer.from('text\n'), index)
  }
  const peer = peerOf('b', there)
  const log = await joined(named('store-a'), [peer]).open(server.id)
  expect(await log.marks(0, log.end)).toEqual(await line.marks(0, line.end))
  expect(peer.asked.filter((path) => path.includes('/marks'))).toHaveLength(3)
  expect(await textOf(log, 10)).toBe(await textOf(line))
  for (let at = 0; at < line.end; at += 100) expect(await log.timeOf(at)).toBe(await line.timeOf(at))
  expect(peer.asked.filter((path) => path.includes('/bytes'))).toHaveLength(1)
  expect(peer.asked.filter((path) => path.includes('/times'))).toHaveLength(1)
})
