import { EventEmitter, once } from 'node:events'
import pMap from 'p-map'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { isInstalled } from '../../testing/installed.ts'
import { leased } from '../../testing/leased.ts'
import { startRedis, type TestRedis } from '../../testing/redis.ts'
import { MemoryStore } from './memory-store.ts'
import { RedisStore } from './redis-store.ts'
import { MOST_TAIL_PIECES, type Store } from './store.ts'

// The contract of the store, kept by both of its kinds.

interface Kind {
  name: string
  skip: boolean
  /** An empty store, and another replica's view of the same one */
  open(): Promise<{ store: Store; other: Store; pass: (ms: number) => Promise<void> }>
  begin?(): Promise<void>
  end?(): Promise<void>
}

let redis: TestRedis
const kinds: Kind[] = [
  {
    name: 'memory',
    skip: false,
    async open() {
      const clock = new ManualClock()
      const store = new MemoryStore(clock)
      return { store, other: store, pass: async (ms) => clock.advance(ms) }
    },
  },
  {
    name: 'Redis',
    skip: !isInstalled('redis-server'),
    async begin() {
      redis = await startRedis()
    },
    async open() {
      const options = {
        url: redis.url,
        prefix: `${crypto.randomUUID()}:`,
        log: pino({ level: 'silent' }),
        settlingMs: 0,
      }
      const [store, other] = await Promise.all([RedisStore.open(options), RedisStore.open(options)])
      // Redis has the machine's own time, which no test can turn.
      return { store, other, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }
    },
    async end() {
      await redis.stop()
    },
  },
]

/** Long enough that nothing ends on a slow machine before it is read */
const LONG = 60_000
/** Over when `pass` has passed it, and maybe sooner: nothing that has it is expected to be there still. */
const SHORT = 30
/** A client gives a command up after a second, and a busy Redis has not answered a thousand by then. */
const AT_ONCE = 50

const WRITE = { number: 0, keepFrom: 0, ttlMs: LONG }
const piece = (at: number, text: string, facts: string | null = null) => ({
  at,
  bytes: Buffer.from(text),
  facts,
})

for (const { name, skip, begin, open, end } of kinds)
  describe.skipIf(skip)(`the store in ${name}`, () => {
    let store: Store
    let other: Store
    let pass: (ms: number) => Promise<void>
    beforeAll(async () => await begin?.())
    afterAll(async () => await end?.())
    beforeEach(async () => {
      ;({ store, other, pass } = await open())
      return async () => {
        await store.close()
        await other.close()
      }
    })

    it('keeps a value for all replicas, as it was written', async () => {
      const value = '{"name":"Jürgen 北京","empty":""}\0\r\n'
      await store.put('key', value, LONG)
      expect(await other.get('key')).toBe(value)
      await other.put('key', '', LONG)
      expect(await store.get('key')).toBe('')
      await store.remove('key')
      expect(await other.get('key')).toBeNull()
    })

    it('forgets a value after its time', async () => {
      await store.put('key', 'value', SHORT)
      await pass(SHORT + 1)
      expect(await store.get('key')).toBeNull()
      expect(await store.take('key')).toBeNull()
    })

    it('gives a new value a time of its own', async () => {
      await store.put('key', 'one', SHORT)
      await store.put('key', 'two', LONG)
      await pass(SHORT + 1)
      expect(await store.get('key')).toBe('two')
    })

    it('lets one of many claim a key, until its time is over', async () => {
      const claims = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : other).claim('key', `${n}`, LONG),
      )
      const won = (await Promise.all(claims)).flatMap((mine, n) => (mine ? [n] : []))
      expect(won).toHaveLength(1)
      expect(await store.get('key')).toBe(`${won[0]}`)

      expect(await store.claim('short', 'one', SHORT)).toBe(true)
      await pass(SHORT + 1)
      expect(await other.claim('short', 'two', LONG)).toBe(true)
    })

    it('gives a value to one of many that take it', async () => {
      await store.put('key', 'value', LONG)
      const taken = await Promise.all([store, other, store, other].map((each) => each.take('key')))
      expect(taken.filter((value) => value === 'value')).toHaveLength(1)
      expect(taken.filter((value) => value === null)).toHaveLength(3)
    })

    it('replaces a value that is still the one that was read', async () => {
      expect(await store.replace('key', '', 'new', LONG)).toBe(false)
      await store.put('key', '0', LONG)
      const increase = async (by: Store): Promise<void> => {
        const before = (await by.get('key')) ?? ''
        if (!(await by.replace('key', before, `${Number(before) + 1}`, LONG))) return increase(by)
      }
      await Promise.all([store, other, store, other, store].map(increase))
      expect(await store.get('key')).toBe('5')
    })

    it('gives a replaced value the new time', async () => {
      await store.put('key', 'one', LONG)
      await store.replace('key', 'one', 'two', SHORT)
      await pass(SHORT + 1)
      expect(await store.get('key')).toBeNull()
    })

    it('gives a lease to one of many, with who holds it', async () => {
      const asks = ['a', 'b', 'c', 'd'].map((holder, n) =>
        (n % 2 === 0 ? store : other).acquire('line', holder, LONG),
      )
      const answers = await Promise.all(asks)
      const [lease, ...more] = answers.flatMap((each) => (each.state === 'acquired' ? [each.lease] : []))
      expect(more).toHaveLength(0)
      expect(await other.leaseOf('line')).toEqual(lease)
      const held = { state: 'held', by: lease?.holder, forMs: expect.any(Number) }
      expect(answers.filter(({ state }) => state !== 'acquired')).toEqual([held, held, held])
      // The holder itself cannot hold it twice: one of the two would not know when it ends.
      expect(await store.acquire('line', lease?.holder ?? '', LONG)).toEqual(held)
    })

    it('raises the token with each lease of a name', async () => {
      const tokens: number[] = []
      for (const each of [store, other, store]) {
        const lease = await leased(each, 'line', 'a b')
        tokens.push(lease.token)
        await each.release('line', lease)
      }
      expect([...tokens].sort((a, b) => a - b)).toEqual(tokens)
      expect(new Set(tokens).size).toBe(3)
      expect(await store.leaseOf('line')).toBeNull()
    })

    it('renews leases together, each as long as nobody else had it', async () => {
      const names = Array.from({ length: 1_203 }, (_, n) => `line-${n}`)
      const mine = await pMap(names, async (name) => ({ name, lease: await leased(store, name, 'a') }), {
        concurrency: AT_ONCE,
      })
      expect(await store.renewAll(mine, SHORT)).toEqual(names.map(() => 'renewed'))
      await pass(SHORT + 1)
      expect(await store.leaseOf('line-1')).toBeNull()

      const next = await leased(other, 'line-1', 'b')
      expect(next.token).toBeGreaterThan(mine[1]?.lease.token ?? Number.NaN)
      // The others come back: nobody had them.
      expect(await store.renewAll(mine, LONG)).toEqual(
        names.map((name) => (name === 'line-1' ? 'refused' : 'back')),
      )
      expect(await other.leaseOf('line-1202')).toEqual(mine[1_202]?.lease)
      expect(await store.leaseOf('line-1')).toEqual(next)
      expect(await store.renewAll([], LONG)).toEqual([])
    })

    it('brings no lease back that was given up, or that another had since', async () => {
      const first = await leased(store, 'line', 'a')
      await store.release('line', first)
      expect(await store.renewAll([{ name: 'line', lease: first }], LONG)).toEqual(['refused'])
      const second = await leased(other, 'line', 'b')
      await store.release('line', first)
      expect(await store.leaseOf('line')).toEqual(second)
      expect(await other.renewAll([{ name: 'line', lease: second }], SHORT)).toEqual(['renewed'])
      await pass(SHORT + 1)
      expect(await store.renewAll([{ name: 'line', lease: first }], LONG)).toEqual(['refused'])
      expect(await other.renewAll([{ name: 'line', lease: second }], LONG)).toEqual(['back'])
    })

    it('tells for how long nobody had a lease: since it was renewed, given back, or used', async () => {
      const acquired = async (holder: string, ttlMs = LONG) => {
        const asked = await store.acquire('line', holder, ttlMs)
        if (asked.state !== 'acquired') throw new Error(asked.state)
        return asked
      }
      const before = await acquired('a', SHORT)
      expect(before.freeMs).toBeNull()
      await pass(SHORT / 2)
      await other.renewAll([{ name: 'line', lease: before.lease }], 2 * SHORT)
      await pass(3 * SHORT)
      const next = await acquired('b')
      expect(next.freeMs).toBeGreaterThanOrEqual(2 * SHORT)
      expect(next.freeMs).toBeLessThan(LONG)

      await store.renewAll([{ name: 'line', lease: next.lease }], LONG)
      await pass(20 * SHORT)
      const givenBack = performance.now()
      await other.release('line', next.lease)
      const third = await acquired('c')
      // Redis counts whole milliseconds.
      expect(third.freeMs).toBeLessThan(performance.now() - givenBack + 2)
      await store.release('line', third.lease, LONG)
      const fourth = await acquired('d')
      expect(fourth.freeMs).toBeGreaterThanOrEqual(LONG)
      expect(fourth.freeMs).toBeLessThan(2 * LONG)
      await store.release('line', fourth.lease, null)
      expect((await acquired('e')).freeMs).toBeNull()
    })

    it('keeps a lease from another process whose token is the same', async () => {
      const lease = await leased(store, 'line', 'a')
      const stale = { holder: 'b', token: lease.token }
      expect(await other.renewAll([{ name: 'line', lease: stale }], LONG)).toEqual(['refused'])
      await other.release('line', stale)
      expect(await store.leaseOf('line')).toEqual(lease)
    })

    it('keeps a tail as it was written: bytes, facts and their order', async () => {
      const lease = await leased(store, 'line', 'a')
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
      const pieces = [
        { at: 0, bytes: Buffer.alloc(0), facts: '{"first":"北京"}' },
        { at: 0, bytes, facts: null },
        { at: 256, bytes: Buffer.from('\r\n'), facts: '[1]' },
      ]
      expect(await store.readTail('line')).toEqual([])
      expect(await store.appendTail('line', { ...WRITE, lease, pieces })).toBe(true)
      expect(await other.readTail('line')).toEqual(pieces)
      const more = { at: 300, bytes: Buffer.from('after a hole'), facts: null }
      expect(await store.appendTail('line', { ...WRITE, lease, number: 3, pieces: [more] })).toBe(true)
      expect(await other.readTail('line')).toEqual([...pieces, more])
      expect(await other.readTail('another')).toEqual([])
    })

    it('keeps a piece once that is written again', async () => {
      const lease = await leased(store, 'line', 'a')
      const write = {
        ...WRITE,
        lease,
        number: 7,
        pieces: [piece(0, 'one'), piece(3, '', '1'), piece(3, 'two', '2')],
      }
      for (let n = 0; n < 2; n++) expect(await store.appendTail('line', write)).toBe(true)
      const more = { ...write, pieces: [...write.pieces, piece(6, 'three')] }
      for (let n = 0; n < 2; n++) expect(await other.appendTail('line', more)).toBe(true)
      expect(await store.readTail('line')).toEqual(more.pieces)
    })

    it('lets the newest holder alone write a tail, behind what the one before wrote', async () => {
      const before = await leased(store, 'line', 'a')
      await store.appendTail('line', {
        ...WRITE,
        lease: before,
        number: 9,
        pieces: [piece(0, 'one'), piece(3, '', '1')],
      })
      await store.release('line', before)
      const late = { ...WRITE, lease: before, number: 11, pieces: [piece(3, 'late')] }
      expect(await store.appendTail('line', late)).toBe(false)
      const next = await leased(other, 'line', 'b')
      expect(await store.appendTail('line', late)).toBe(false)
      const pieces = [piece(3, '', '2'), piece(3, 'two')]
      expect(await other.appendTail('line', { ...WRITE, lease: next, pieces })).toBe(true)
      expect(await store.readTail('line')).toEqual([piece(0, 'one'), piece(3, '', '1'), ...pieces])
    })

    it('lets the last holder write although the lease has run out, as long as nobody has it', async () => {
      const lease = await leased(store, 'line', 'a', SHORT)
      await pass(SHORT + 1)
      expect(await store.appendTail('line', { ...WRITE, lease, pieces: [piece(0, 'one')] })).toBe(true)
    })

    it('forgets of a tail what begins too early, and all of it after its time', async () => {
      const lease = await leased(store, 'line', 'a')
      const pieces = [piece(10, 'one'), piece(13, 'two', '2'), piece(16, 'three')]
      await store.appendTail('line', { ...WRITE, lease, pieces, keepFrom: 13 })
      expect(await store.readTail('line')).toEqual(pieces.slice(1))
      const later = { ...WRITE, lease, number: 3, pieces: [], keepFrom: 14 }
      await store.appendTail('line', later)
      expect(await store.readTail('line')).toEqual(pieces.slice(2))
      await store.appendTail('line', { ...later, ttlMs: SHORT })
      await pass(SHORT + 1)
      expect(await store.readTail('line')).toEqual([])
    })

    it('bounds how many pieces a tail has', async () => {
      const lease = await leased(store, 'line', 'a')
      for (let from = 0; from < MOST_TAIL_PIECES + 1_000; from += 1_000) {
        const pieces = Array.from({ length: 1_000 }, (_, n) => piece(from + n, 'x'))
        await store.appendTail('line', { ...WRITE, lease, number: from, pieces })
      }
      const kept = await store.readTail('line')
      expect(kept).toHaveLength(MOST_TAIL_PIECES)
      expect(kept.at(-1)?.at).toBe(17_999)
    })

    it('knows who is in a group, until their time is over or they leave', async () => {
      await store.join('replicas', 'a', 'host:1 {"x":"\n"}', LONG)
      await other.join('replicas', 'b', 'host:2', LONG)
      await store.join('replicas', 'c', 'host:3', LONG)
      await store.join('others', 'd', 'host:4', LONG)
      expect([...(await other.members('replicas'))].sort()).toEqual([
        ['a', 'host:1 {"x":"\n"}'],
        ['b', 'host:2'],
        ['c', 'host:3'],
      ])
      await store.join('replicas', 'c', 'host:3', SHORT)
      await pass(SHORT + 1)
      await store.leave('replicas', 'b')
      await store.join('replicas', 'a', '', LONG)
      expect([...(await other.members('replicas'))]).toEqual([['a', '']])
      expect([...(await other.members('nobody'))]).toEqual([])
    })

    it('keeps values and leases of one name apart', async () => {
      await store.put('line', 'value', LONG)
      await leased(store, 'line', 'a')
      expect(await store.get('line')).toBe('value')
    })

    it('passes messages to all that listen, in their order', async () => {
      const heard: string[] = []
      const bus = new EventEmitter()
      const all = once(bus, 'all')
      const note = (message: string) => {
        heard.push(message)
        if (heard.length === 4) bus.emit('all')
      }
      const ends = [await store.subscribe('ends', note), await other.subscribe('ends', note)]
      const elsewhere = vi.fn()
      await store.subscribe('else', elsewhere)
      await other.publish('ends', 'one')
      await other.publish('ends', 'two')
      await all
      expect([...heard].sort()).toEqual(['one', 'one', 'two', 'two'])
      expect(heard.indexOf('one')).toBeLessThan(heard.indexOf('two'))
      expect(elsewhere).not.toHaveBeenCalled()

      await Promise.all(ends.map((stop) => stop()))
      const last = once(bus, 'last')
      await store.subscribe('ends', (message) => bus.emit('last', message))
      await store.publish('ends', 'three')
      expect(await last).toEqual(['three'])
      expect(heard).toHaveLength(4)
    })

    it('counts the requests of all replicas together', async () => {
      const [mine, theirs] = [store.limiter('api', 3, 60), other.limiter('api', 3, 60)]
      // In one process, each limiter of a name is asked for once.
      const second = other === store ? mine : theirs
      await mine.consume('a')
      await second.consume('a')
      await mine.consume('a')
      await expect(second.consume('a')).rejects.toMatchObject({ remainingPoints: 0 })
      await expect(mine.consume('b')).resolves.toMatchObject({ remainingPoints: 2 })
    })
  })

it('forgets in memory what has ended, although nobody reads it', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  for (let n = 0; n < 10_000; n++) {
    await store.put(`${n}`, 'value', SHORT)
    clock.advance(1)
  }
  expect(store.size).toBeLessThanOrEqual(1_000 + SHORT)
})
