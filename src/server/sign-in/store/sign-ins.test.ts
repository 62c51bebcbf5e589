import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { type EndReason, SignIns, type SignInsOptions } from './sign-ins.ts'

const MINUTE = 60_000
const here = { touch: true, rotate: true }
const away = { touch: false, rotate: true }

function setUp(options: Partial<SignInsOptions> = {}) {
  const clock = new ManualClock(1_000_000)
  const store = new SignIns<string>({
    idleMs: 60 * MINUTE,
    totalMs: 720 * MINUTE,
    clock,
    ...options,
  })
  const ended: Array<[kept: string, reason: EndReason]> = []
  store.onEnded(({ kept }, reason) => ended.push([kept, reason]))
  const pass = (minutes: number) => {
    clock.advance(minutes * MINUTE)
  }
  return { store, ended, pass, clock }
}

describe('a sign-in', () => {
  it('is found by its id and by nothing else', () => {
    const { store } = setUp()
    const { id, signIn } = store.begin('ann', 'a')
    expect(store.find(id, here)?.signIn.kept).toBe('a')
    for (const other of ['', `${id}A`, id.slice(1), signIn.handle, 'ann'])
      expect(store.find(other, here)).toBeNull()
  })

  it('has an id of 32 bytes, of which the store keeps nothing', () => {
    const { store } = setUp()
    const { id, signIn } = store.begin('ann', 'a')
    expect(Buffer.from(id, 'base64url')).toHaveLength(32)
    expect(JSON.stringify(signIn)).not.toContain(id)
  })

  it('ends without its user, however much the page asks by itself', () => {
    const { store, ended, pass } = setUp()
    const { id } = store.begin('ann', 'a')
    pass(59)
    expect(store.find(id, { touch: false, rotate: false })).not.toBeNull()
    pass(1)
    expect(store.find(id, { touch: false, rotate: false })).toBeNull()
    expect(ended).toEqual([['a', 'idle']])
  })

  it('goes on while its user is there, up to its end', () => {
    const { store, ended, pass } = setUp()
    let { id } = store.begin('ann', 'a')
    for (let minutes = 0; minutes < 700; minutes += 50) {
      const found = store.find(id, here)
      expect(found).not.toBeNull()
      id = found?.newId ?? id
      pass(50)
    }
    pass(20)
    expect(store.find(id, here)).toBeNull()
    expect(ended).toEqual([['a', 'time-limit']])
  })

  it('lasts no longer than what it stands on', () => {
    const { store, ended, pass, clock } = setUp()
    const { id } = store.begin('ann', 'a', clock.now() + 10 * MINUTE)
    pass(9)
    expect(store.find(id, here)).not.toBeNull()
    pass(1)
    expect(store.find(id, here)).toBeNull()
    expect(ended).toEqual([['a', 'time-limit']])
  })

  it('is ended by the sweep, though nobody asks', () => {
    const { store, ended, pass } = setUp()
    store.begin('ann', 'a')
    pass(30)
    store.begin('bob', 'b')
    store.sweep()
    expect(ended).toEqual([])
    pass(30)
    store.sweep()
    expect(ended).toEqual([['a', 'idle']])
    expect(store.size).toBe(1)
  })

  it('tells of its end once', () => {
    const { store, ended } = setUp()
    const { signIn, id } = store.begin('ann', 'a')
    store.end(signIn, 'signed-out')
    store.end(signIn, 'idle')
    expect(ended).toEqual([['a', 'signed-out']])
    expect(store.find(id, here)).toBeNull()
    expect(store.has(signIn)).toBe(false)
  })
})

describe('the id', () => {
  it('changes every quarter of an hour; requests under way are still answered', () => {
    const { store, pass } = setUp()
    const { id } = store.begin('ann', 'a')
    pass(14)
    expect(store.find(id, here)?.newId).toBeNull()
    pass(1)
    const newId = store.find(id, here)?.newId ?? ''
    expect(newId).not.toBe('')
    expect(newId).not.toBe(id)
    // Only one of several requests at once changes it.
    expect(store.find(id, here)?.newId).toBeNull()
    expect(store.find(newId, here)?.signIn.kept).toBe('a')
    pass(0.4)
    expect(store.find(id, here)?.signIn.kept).toBe('a')
    pass(0.2)
    expect(store.find(id, here)).toBeNull()
    expect(store.find(newId, here)?.signIn.kept).toBe('a')
  })

  it('does not change where the answer cannot carry it', () => {
    const { store, pass } = setUp()
    const { id } = store.begin('ann', 'a')
    pass(20)
    expect(store.find(id, { touch: true, rotate: false })?.newId).toBeNull()
    expect(store.find(id, away)?.newId).not.toBeNull()
  })

  it('is given again where the answer with it was lost', () => {
    const { store, pass } = setUp()
    const { id } = store.begin('ann', 'a')
    pass(15)
    const lost = store.find(id, here)?.newId ?? ''
    pass(5)
    const again = store.find(id, here)?.newId ?? ''
    expect(again).not.toBe('')
    expect(store.find(lost, here)).toBeNull()
    expect(store.find(again, here)?.signIn.kept).toBe('a')
    pass(1)
    expect(store.find(id, here)).toBeNull()
  })

  it('changes with the rights: the old one is good for half a minute, used or not', () => {
    const { store, pass } = setUp()
    const { id, signIn } = store.begin('ann', 'a')
    store.find(id, here)
    const newId = store.renew(signIn) ?? ''
    pass(0.4)
    expect(store.find(id, here)?.signIn).toBe(signIn)
    pass(0.2)
    expect(store.find(id, here)).toBeNull()
    expect(store.find(newId, here)?.signIn).toBe(signIn)
  })

  it('changes twice at once and one of them works', () => {
    const { store, pass } = setUp()
    const { id, signIn } = store.begin('ann', 'a')
    store.find(id, here)
    const first = store.renew(signIn) ?? ''
    const second = store.renew(signIn) ?? ''
    expect(store.find(first, here)).toBeNull()
    expect(store.find(second, here)?.signIn).toBe(signIn)
    expect(store.find(id, here)?.signIn).toBe(signIn)
    pass(1)
    expect(store.find(id, here)).toBeNull()
  })

  it('is gone with the sign-in, and so is the one before', () => {
    const { store, pass } = setUp()
    const { id, signIn } = store.begin('ann', 'a')
    pass(15)
    const newId = store.find(id, here)?.newId ?? ''
    store.end(signIn, 'signed-out')
    expect(store.find(id, here)).toBeNull()
    expect(store.find(newId, here)).toBeNull()
    expect(store.renew(signIn)).toBeNull()
  })
})

describe('the sign-ins', () => {
  it('of a user end everywhere, those of others go on', () => {
    const { store, ended } = setUp()
    store.begin('ann', 'a1')
    const { id } = store.begin('bob', 'b')
    store.begin('ann', 'a2')
    expect(store.endAll('ann', 'signed-out')).toBe(2)
    expect(ended.map(([kept]) => kept)).toEqual(['a1', 'a2'])
    expect(store.find(id, here)).not.toBeNull()
  })

  it('of a user are limited: the oldest gives way', () => {
    const { store, ended } = setUp({ maxPerUser: 2 })
    for (const kept of ['a1', 'a2', 'a3']) store.begin('ann', kept)
    store.begin('bob', 'b')
    expect(ended).toEqual([['a1', 'replaced']])
  })

  it('are limited in all', () => {
    const { store, ended } = setUp({ max: 2 })
    for (const user of ['ann', 'bob', 'eve']) store.begin(user, user)
    expect(ended).toEqual([['ann', 'replaced']])
    expect(store.size).toBe(2)
  })

  it('all end with the server', () => {
    const { store, ended } = setUp()
    store.begin('ann', 'a')
    store.begin('bob', 'b')
    store.close()
    expect(ended).toEqual([
      ['a', 'shutdown'],
      ['b', 'shutdown'],
    ])
  })
})
