import { describe, expect, it } from 'vitest'
import { Numbers } from './numbers.ts'

describe('the numbers of people and tabs', () => {
  it('follow the order in which they came, and stay', () => {
    const numbers = new Numbers()
    const of = (person: string, client: string) => Object.values(numbers.of({ person, client }))
    expect([of('ada', 'a'), of('bob', 'b'), of('ada', 'c'), of('ada', 'a')]).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [1, 1],
    ])
  })

  it('are forgotten after a thousand others, and not given again', () => {
    const numbers = new Numbers()
    for (let count = 1; count <= 1_001; count++) numbers.of({ person: 'ada', client: `tab ${count}` })
    expect(numbers.of({ person: 'ada', client: 'tab 2' })).toEqual({ number: 1, tab: 2 })
    expect(numbers.of({ person: 'ada', client: 'tab 1' })).toEqual({ number: 1, tab: 1_002 })
  })
})
