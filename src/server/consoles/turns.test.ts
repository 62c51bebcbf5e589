import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { Turns } from './turns.ts'

describe('turns', () => {
  it('does little work at once', () => {
    const done: string[] = []
    const turns = new Turns(new ManualClock())
    turns.do(() => done.push('one'))
    turns.do(() => done.push('two'))
    expect(done).toEqual(['one', 'two'])
  })

  it('lets others have their turn after 5 ms of work, and keeps the order', async () => {
    const clock = new ManualClock()
    const turns = new Turns(clock)
    const done: number[] = []
    const perTurn: number[] = []
    for (let each = 0; each < 7; each++)
      turns.do(() => {
        clock.advance(2)
        done.push(each)
      })
    while (done.length < 7) {
      perTurn.push(done.length)
      await setImmediate()
    }
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(perTurn).toEqual([3, 6])
  })

  it('goes on after one that failed', async () => {
    const turns = new Turns(new ManualClock())
    const done: string[] = []
    expect(() =>
      turns.do(() => {
        throw new Error('no')
      }),
    ).toThrow('no')
    turns.do(() => done.push('next'))
    expect(done).toEqual(['next'])
  })

  it('does in a later turn what a piece of the work adds', async () => {
    const clock = new ManualClock()
    const turns = new Turns(clock)
    const done: string[] = []
    turns.do(() => {
      clock.advance(10)
      turns.do(() => done.push('added'))
    })
    turns.do(() => done.push('behind'))
    expect(done).toEqual([])
    await setImmediate()
    expect(done).toEqual(['added', 'behind'])
  })
})
