import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ManualClock } from '../../../testing/clock.ts'
import { withRedis } from '../../../testing/redis.ts'
import { MemoryStore } from '../../store/memory-store.ts'
import { plain } from './codec.ts'
import { SignIns, type SignInsOptions } from './sign-ins.ts'
import type { EndReason } from './stored-sign-ins.ts'

const MINUTE = 60_000
const here = { touch: true, rotate: true }
const away = { touch: false, rotate: true }

const redis = withRedis()

/** The rules of sign-ins, with both kinds of store. */
describe.each(['memory', 'Redis'] as const)('with its store in %s', (place) => {
  const skipped = place === 'Redis' && !redis.installed
  async function setUp(options: Partial<SignInsOptions<string>> = {}) {
    const clock = new ManualClock(1_000_000)
    const shared = place === 'Redis' ? await redis.open() : new MemoryStore(clock)
    const store = new SignIns({
      store: shared,
      kind: 'sign-in',
      codec: plain(z.string()),
      idleMs: 60 * MINUTE,
      totalMs: 720 * MINUTE,
      clock,
      ...options,
    })
    await store.listening
    const ended: Array<[user: string, reason: EndReason]> = []
    store.onEnded(({ userId, reason }) => void ended.push([userId, reason]))
    const pass = (minutes: number) => {
      clock.advance(minutes * MINUTE)
    }
    return { store, ended, pass, clock, shared }
  }
  /** Another replica may have seen the user, and not have written it yet. */
  const slack = place === 'Redis' ? 0.5 : 0

  describe.skipIf(skipped)('a sign-in', () => {
    it('is found by its id and by nothing else', async () => {
      const { store } = await setUp()
      const { id, signIn } = await store.begin('ann', 'a')
      expect((await store.find(id, here))?.signIn.kept).toBe('a')
      for (const other of ['', `${id}A`, id.slice(1), signIn.handle, 'ann'])
        expect(await store.find(other, here)).toBeNull()
    })

    it('has an id of 32 bytes, of which the store keeps nothing', async () => {
      const { store } = await setUp()
      const { id, signIn } = await store.begin('ann', 'a')
      expect(Buffer.from(id, 'base64url')).toHaveLength(32)
      expect(JSON.stringify(signIn)).not.toContain(id)
    })

    it('ends without its user, however much the page asks by itself', async () => {
      const { store, ended, pass } = await setUp()
      const { id } = await store.begin('ann', 'a')
      pass(59)
      expect(await store.find(id, { touch: false, rotate: false })).not.toBeNull()
      pass(1 + slack)
      expect(await store.find(id, { touch: false, rotate: false })).toBeNull()
      expect(ended).toEqual([['ann', 'idle']])
    })

    it('goes on while its user is there, up to its end', async () => {
      const { store, ended, pass } = await setUp()
      let { id } = await store.begin('ann', 'a')
      for (let minutes = 0; minutes < 700; minutes += 50) {
        const found = await store.find(id, here)
        expect(found).not.toBeNull()
        id = found?.newId ?? id
        pass(50)
      }
      pass(20)
      expect(await store.find(id, here)).toBeNull()
      expect(ended).toEqual([['ann', 'time-limit']])
    })

    it('lasts no longer than what it stands on', async () => {
      const { store, ended, pass, clock } = await setUp()
      const { id } = await store.begin('ann', 'a', clock.now() + 10 * MINUTE)
      pass(9)
      expect(await store.find(id, here)).not.toBeNull()
      pass(1)
      expect(await store.find(id, here)).toBeNull()
      expect(ended).toEqual([['ann', 'time-limit']])
    })

    it('is ended by the sweep, though nobody asks', async () => {
      const { store, ended, pass } = await setUp()
      await store.begin('ann', 'a')
      pass(30)
      await store.begin('bob', 'b')
      await store.sweep()
      expect(ended).toEqual([])
      pass(30 + slack)
      await store.sweep()
      expect(ended).toEqual([['ann', 'idle']])
      expect(store.size).toBe(1)
    })

    it('tells of its end once', async () => {
      const { store, ended } = await setUp()
      const { signIn, id } = await store.begin('ann', 'a')
      await store.end(signIn, 'signed-out')
      await store.end(signIn, 'idle')
      expect(ended).toEqual([['ann', 'signed-out']])
      expect(await store.find(id, here)).toBeNull()
    })
  })

  describe.skipIf(skipped)('the id', () => {
    it('changes every quarter of an hour; requests under way are still answered', async () => {
      const { store, pass } = await setUp()
      const { id } = await store.begin('ann', 'a')
      pass(14)
      expect((await store.find(id, here))?.newId).toBeNull()
      pass(1)
      const newId = (await store.find(id, here))?.newId ?? ''
      expect(newId).not.toBe('')
      expect(newId).not.toBe(id)
      // Only one of several requests at once changes it.
      expect((await store.find(id, here))?.newId).toBeNull()
      expect((await store.find(newId, here))?.signIn.kept).toBe('a')
      pass(0.4)
      expect((await store.find(id, here))?.signIn.kept).toBe('a')
      pass(0.2)
      expect(await store.find(id, here)).toBeNull()
      expect((await store.find(newId, here))?.signIn.kept).toBe('a')
    })

    it('does not change where the answer cannot carry it', async () => {
      const { store, pass } = await setUp()
      const { id } = await store.begin('ann', 'a')
      pass(20)
      expect((await store.find(id, { touch: true, rotate: false }))?.newId).toBeNull()
      expect((await store.find(id, away))?.newId).not.toBeNull()
    })

    it('is given again where the answer with it was lost', async () => {
      const { store, pass } = await setUp()
      const { id } = await store.begin('ann', 'a')
      pass(15)
      const lost = (await store.find(id, here))?.newId ?? ''
      pass(5)
      const again = (await store.find(id, here))?.newId ?? ''
      expect(again).not.toBe('')
      expect(await store.find(lost, here)).toBeNull()
      expect((await store.find(again, here))?.signIn.kept).toBe('a')
      pass(1)
      expect(await store.find(id, here)).toBeNull()
    })

    it('changes with the rights: the old one is good for half a minute, used or not', async () => {
      const { store, pass } = await setUp()
      const { id, signIn } = await store.begin('ann', 'a')
      await store.find(id, here)
      const newId = (await store.renew(signIn)) ?? ''
      pass(0.4)
      expect((await store.find(id, here))?.signIn).toBe(signIn)
      pass(0.2)
      expect(await store.find(id, here)).toBeNull()
      expect((await store.find(newId, here))?.signIn).toBe(signIn)
    })

    it('changes twice at once and one of them works', async () => {
      const { store, pass } = await setUp()
      const { id, signIn } = await store.begin('ann', 'a')
      await store.find(id, here)
      const first = (await store.renew(signIn)) ?? ''
      const second = (await store.renew(signIn)) ?? ''
      expect(await store.find(first, here)).toBeNull()
      expect((await store.find(second, here))?.signIn).toBe(signIn)
      expect((await store.find(id, here))?.signIn).toBe(signIn)
      pass(1)
      expect(await store.find(id, here)).toBeNull()
    })

    it('is gone with the sign-in, and so is the one before', async () => {
      const { store, pass } = await setUp()
      const { id, signIn } = await store.begin('ann', 'a')
      pass(15)
      const newId = (await store.find(id, here))?.newId ?? ''
      await store.end(signIn, 'signed-out')
      expect(await store.find(id, here)).toBeNull()
      expect(await store.find(newId, here)).toBeNull()
      expect(await store.renew(signIn)).toBeNull()
    })
  })

  describe.skipIf(skipped)('the sign-ins', () => {
    it('of a user end everywhere, those of others go on', async () => {
      const { store, ended } = await setUp()
      await store.begin('ann', 'a1')
      const { id } = await store.begin('bob', 'b')
      await store.begin('ann', 'a2')
      expect(await store.endAll('ann', 'signed-out')).toBe(2)
      expect(ended.map(([user]) => user)).toEqual(['ann', 'ann'])
      expect(await store.find(id, here)).not.toBeNull()
    })

    it('of a user are limited: the oldest gives way', async () => {
      const { store, ended, pass } = await setUp({ maxPerUser: 2 })
      const begun: string[] = []
      for (const kept of ['a1', 'a2', 'a3']) {
        begun.push((await store.begin('ann', kept)).id)
        pass(1)
      }
      await store.begin('bob', 'b')
      expect(ended).toEqual([['ann', 'replaced']])
      const found = await Promise.all(begun.map((id) => store.find(id, here)))
      expect(found.map((one) => one?.signIn.kept)).toEqual([undefined, 'a2', 'a3'])
    })

    it('do not count once they have ended by themselves', async () => {
      const { store, ended, pass } = await setUp({ maxPerUser: 2 })
      await store.begin('ann', 'a1')
      pass(50)
      const { id } = await store.begin('ann', 'a2')
      pass(20)
      await store.begin('ann', 'a3')
      expect(ended).toEqual([['ann', 'idle']])
      expect(await store.find(id, here)).not.toBeNull()
    })

    it.runIf(place === 'memory')('are limited in all', async () => {
      const { store, ended } = await setUp({ max: 2 })
      for (const user of ['ann', 'bob', 'eve']) await store.begin(user, user)
      expect(ended).toEqual([['ann', 'replaced']])
      expect(store.size).toBe(2)
    })

    it.runIf(place === 'memory')('all end with the server', async () => {
      const { store, ended } = await setUp()
      await store.begin('ann', 'a')
      await store.begin('bob', 'b')
      await store.close()
      expect(ended).toEqual([
        ['ann', 'shutdown'],
        ['bob', 'shutdown'],
      ])
    })
  })
})
