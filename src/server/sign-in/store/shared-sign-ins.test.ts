import { createClient } from '@redis/client'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { ManualClock } from '../../../testing/clock.ts'
import { withRedis } from '../../../testing/redis.ts'
import { MemoryStore } from '../../store/memory-store.ts'
import { type Store, StoreError } from '../../store/store.ts'
import { plain, sealed } from './codec.ts'
import { SignIns, type SignInsOptions } from './sign-ins.ts'
import type { Ended } from './stored-sign-ins.ts'

const MINUTE = 60_000
const here = { touch: true, rotate: true }
const away = { touch: false, rotate: false }
const secret = new Uint8Array(32).fill(7)

const redis = withRedis()

function signInsOn(store: Store, clock: ManualClock, options: Partial<SignInsOptions<string>> = {}) {
  const signIns = new SignIns({
    store,
    kind: 'sign-in',
    codec: sealed(z.string(), secret),
    idleMs: 60 * MINUTE,
    totalMs: 720 * MINUTE,
    clock,
    ...options,
  })
  const ended: Ended[] = []
  signIns.onEnded((each) => void ended.push(each))
  return { signIns, ended }
}

describe.skipIf(!redis.installed)('at two replicas', () => {
  /** Two replicas, on one Redis */
  async function setUp(options: Partial<SignInsOptions<string>> = {}) {
    const clock = new ManualClock()
    const prefix = `${crypto.randomUUID()}:`
    const stores = [await redis.open(prefix), await redis.open(prefix)] as const
    const [one, two] = [signInsOn(stores[0], clock, options), signInsOn(stores[1], clock, options)]
    await Promise.all([one.signIns.listening, two.signIns.listening])
    return { one: one.signIns, two: two.signIns, heard: [one.ended, two.ended], clock, stores, prefix }
  }

  it('a sign-in is the same', async () => {
    const { one, two } = await setUp()
    const { id, signIn } = await one.begin('ann', 'kept')
    expect((await two.find(id, here))?.signIn).toEqual(signIn)
    await two.renew(signIn, { kept: 'changed' })
    expect((await one.find(id, here))?.signIn.kept).toBe('changed')
    expect(signIn.kept).toBe('changed')
  })

  it('a restart forgets nobody', async () => {
    const { one, two, heard, clock, stores } = await setUp()
    const { id } = await one.begin('ann', 'kept')
    await one.close()
    expect(heard).toEqual([[], []])
    const again = signInsOn(stores[0], clock)
    expect((await again.signIns.find(id, here))?.signIn.kept).toBe('kept')
    expect(await two.find(id, here)).not.toBeNull()
  })

  it('an id that is due changes once, whoever asks', async () => {
    const { one, two, clock } = await setUp()
    let { id } = await one.begin('ann', 'kept')
    for (let turn = 0; turn < 10; turn++) {
      clock.advance(15 * MINUTE)
      const asked = Array.from({ length: 6 }, (_, n) => (n % 2 ? one : two).find(id, here))
      const found = await Promise.all(asked)
      expect(found).not.toContain(null)
      const given = found.flatMap((each) => each?.newId ?? [])
      expect(given).toHaveLength(1)
      const [newId = ''] = given
      expect(await Promise.all([one.find(newId, here), two.find(id, here)])).not.toContain(null)
      clock.advance(MINUTE)
      expect(await one.find(id, here)).toBeNull()
      id = newId
    }
  })

  it('of two who change the rights at once, one id works', async () => {
    const { one, two } = await setUp()
    const { id, signIn } = await one.begin('ann', 'kept')
    await two.find(id, here)
    const ids = await Promise.all([one.renew(signIn), two.renew(signIn)])
    const found = await Promise.all(ids.map((each) => one.find(each ?? '', here)))
    expect(found.filter((each) => each !== null)).toHaveLength(1)
    expect(await two.find(id, here)).not.toBeNull()
  })

  it('a sign-out is heard', async () => {
    const { one, two, heard } = await setUp()
    const { id, signIn } = await one.begin('ann', 'kept')
    await two.find(id, here)
    await one.end(signIn, 'signed-out')
    const ended = { handle: signIn.handle, userId: 'ann', reason: 'signed-out' }
    await vi.waitFor(() => expect(heard).toEqual([[ended], [ended]]))
    expect(await two.find(id, here)).toBeNull()
    await Promise.all([one.sweep(), two.sweep()])
    expect(heard.flat()).toHaveLength(2)
  })

  it('all sign-ins of a user end, wherever they began', async () => {
    const { one, two, heard } = await setUp()
    await one.begin('ann', 'a')
    await two.begin('ann', 'b')
    const { id } = await two.begin('bob', 'c')
    expect(await one.endAll('ann', 'signed-out')).toBe(2)
    await vi.waitFor(() => expect(heard.map(({ length }) => length)).toEqual([2, 2]))
    expect(await one.find(id, here)).not.toBeNull()
  })

  it('the limit for a user is one, and the oldest gives way', async () => {
    const { one, two, clock } = await setUp({ maxPerUser: 3 })
    const begun: string[] = []
    for (let n = 0; n < 5; n++) {
      begun.push((await (n % 2 ? one : two).begin('ann', `${n}`)).id)
      clock.advance(1)
    }
    const found = await Promise.all(begun.map((id) => one.find(id, here)))
    expect(found.map((each) => each?.signIn.kept)).toEqual([undefined, undefined, '2', '3', '4'])
  })

  it('the limits of one that is silent everywhere end it at both', async () => {
    const { one, two, heard, clock } = await setUp()
    const { id } = await one.begin('ann', 'kept')
    await two.find(id, away)
    clock.advance(61 * MINUTE)
    await Promise.all([one.sweep(), two.sweep()])
    await vi.waitFor(() => expect(heard.map(([first]) => first?.reason)).toEqual(['idle', 'idle']))
  })

  it('whose user is at the one does not end at the other', async () => {
    const { one, two, heard, clock } = await setUp()
    let { id } = await one.begin('ann', 'kept')
    await two.find(id, away)
    for (let passed = 0; passed < 120; passed += 10) {
      clock.advance(10 * MINUTE)
      id = (await one.find(id, here))?.newId ?? id
      await two.sweep()
    }
    expect(heard).toEqual([[], []])
  })

  it('the end is found out where the message was lost', async () => {
    const { one, clock, stores } = await setUp()
    vi.spyOn(stores[1], 'subscribe').mockResolvedValueOnce(async () => {})
    const { signIns, ended } = signInsOn(stores[1], clock)
    const { id, signIn } = await one.begin('ann', 'kept')
    await signIns.find(id, here)
    await one.end(signIn, 'signed-out')
    await signIns.sweep()
    expect(ended).toEqual([])
    clock.advance(30_000)
    await signIns.sweep()
    expect(ended).toEqual([{ handle: signIn.handle, userId: 'ann', reason: 'forgotten' }])
  })

  it('the store has no id, and no secret in the clear', async () => {
    const { one, two, clock, prefix } = await setUp()
    const { id, signIn } = await one.begin('ann', 'the-token-of-ann')
    clock.advance(15 * MINUTE)
    const newId = (await two.find(id, here))?.newId ?? ''
    const text = await dump(prefix)
    expect(text).toContain('ann')
    expect(text).toContain(signIn.handle)
    for (const hidden of ['the-token', Buffer.from('the-token-of').toString('base64url'), id, newId])
      expect(text).not.toContain(hidden)
  })

  it('what was sealed for another sign-in, or with another secret, is nobody', async () => {
    const { one, clock, stores } = await setUp()
    const [first, second] = [await one.begin('ann', 'a'), await one.begin('eve', 'e')]
    const key = ({ signIn }: { signIn: { handle: string } }) => `sign-in:${signIn.handle}`
    const keptOf = z.object({ kept: z.string() }).loose()
    const read = async (of: typeof first) => keptOf.parse(JSON.parse((await stores[0].get(key(of))) ?? ''))
    const forged = { ...(await read(second)), kept: (await read(first)).kept }
    await stores[0].put(key(second), JSON.stringify(forged), MINUTE)
    expect(await one.find(second.id, here)).toBeNull()
    const stranger = signInsOn(stores[1], clock, { codec: sealed(z.string(), new Uint8Array(32).fill(8)) })
    expect(await stranger.signIns.find(first.id, here)).toBeNull()
    expect(await one.find(first.id, here)).not.toBeNull()
  })

  it('nobody is signed out while the store is away', async () => {
    const { one, heard, clock } = await setUp()
    const { id } = await one.begin('ann', 'kept')
    redis.server.freeze()
    try {
      clock.advance(61 * MINUTE)
      const asked = one.find(id, here)
      await Promise.all([expect(asked).rejects.toThrow(StoreError), one.sweep()])
    } finally {
      redis.server.thaw()
    }
    expect(heard).toEqual([[], []])
    await one.sweep()
    expect(heard[0]).toMatchObject([{ reason: 'idle' }])
  })

  async function dump(prefix: string): Promise<string> {
    const client = await createClient({ url: redis.server.url }).connect()
    try {
      const keys = await client.keys(`${prefix}*`)
      const values = keys.map(async (key) =>
        (await client.type(key)) === 'string' ? client.get(key) : client.hGetAll(key),
      )
      return JSON.stringify([keys, await Promise.all(values)])
    } finally {
      client.destroy()
    }
  }
})

it('that the user is there is not written each time', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  const { signIns } = signInsOn(store, clock, { codec: plain(z.string()) })
  const { id } = await signIns.begin('ann', 'kept')
  await signIns.find(id, here)
  const [get, replace] = [vi.spyOn(store, 'get'), vi.spyOn(store, 'replace')]
  for (let second = 0; second < 120; second++) {
    clock.advance(1_000)
    await signIns.find(id, here)
  }
  expect(get).toHaveBeenCalledTimes(120)
  expect(replace).toHaveBeenCalledTimes(4)
})
