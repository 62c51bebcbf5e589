import { describe, expect, it } from 'vitest'
import { SmallMap } from './small-map.ts'

/** Numbers that look random, and are the same each time */
function* numbers(seed: number): Generator<number> {
  let state = seed
  while (true) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    yield state
  }
}

describe('a small map', () => {
  it('does what a Map does, whatever is set and deleted', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = numbers(seed)
      const next = (below: number) => Math.floor((random.next().value / 2_147_483_648) * below)
      const map = new Map<string, number>()
      const small = new SmallMap<string, number>()
      for (let step = 0; step < 100; step++) {
        const key = 'abc'[next(3)] ?? ''
        if (next(2) === 0) {
          map.set(key, step)
          small.set(key, step)
        } else {
          expect(small.delete(key)).toBe(map.delete(key))
        }
        expect([...small]).toEqual([...map])
        expect([...small.keys()]).toEqual([...map.keys()])
        expect([...small.values()]).toEqual([...map.values()])
        expect(small.size).toBe(map.size)
        for (const each of 'abc') {
          expect(small.get(each)).toBe(map.get(each))
          expect(small.has(each)).toBe(map.has(each))
        }
      }
    }
  })

  it('lets entries go while it is read', () => {
    const small = new SmallMap<number, string>()
    small.set(1, 'one')
    small.set(2, 'two')
    small.set(3, 'three')
    const seen: number[] = []
    for (const [key] of small) {
      seen.push(key)
      small.delete(key)
    }
    expect(seen).toEqual([1, 2, 3])
    expect(small.size).toBe(0)
  })
})
