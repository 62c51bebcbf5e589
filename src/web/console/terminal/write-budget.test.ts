import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WriteBudget } from './write-budget.ts'

const KIB = 1024

/** Writes as much as allowed, each time. @param rate plain characters in a millisecond */
function budgetAfter(writes: number, rate: number, budget = new WriteBudget()): WriteBudget {
  for (let count = 0; count < writes; count++) budget.took(budget.units, budget.units / rate)
  return budget
}

it('begins with little, and grows step by step while the terminal is quick', () => {
  expect(budgetAfter(0, 50_000).units).toBe(128 * KIB)
  expect(budgetAfter(1, 50_000).units).toBe(256 * KIB)
  expect(budgetAfter(9, 60_000).units).toBe(3072 * KIB)
})

it('gives a slow terminal what it parses in 60 ms', () => {
  expect(budgetAfter(9, 2_000).units).toBe(120_000)
})

it('falls at once when the output becomes costly', () => {
  const budget = budgetAfter(9, 60_000)
  budget.took(budget.units, 600)
  expect(budget.units).toBe(Math.round((3072 * KIB) / 10))
})

it('never falls so low that nothing moves', () => {
  expect(budgetAfter(9, 1).units).toBe(16 * KIB)
})

it('learns nothing from a small write, unless it took longer than its share', () => {
  const budget = budgetAfter(9, 60_000)
  budget.took(100, 3)
  expect(budget.units).toBe(3072 * KIB)
  budget.took(100_000, 1)
  expect(budget.units).toBe(3072 * KIB)
  budget.took(100_000, 20)
  expect(budget.units).toBe(300_000)
})

it('keeps within its bounds, whatever is measured', () => {
  const measure = fc.record({ cost: fc.nat(2 ** 22), ms: fc.nat(5_000) })
  fc.assert(
    fc.property(fc.array(measure), (measures) => {
      const budget = new WriteBudget()
      for (const { cost, ms } of measures) {
        budget.took(cost, ms)
        expect(budget.units).toBeGreaterThanOrEqual(16 * KIB)
        expect(budget.units).toBeLessThanOrEqual(3072 * KIB)
      }
    }),
  )
})
