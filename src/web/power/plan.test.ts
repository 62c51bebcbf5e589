import { expect, it } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { planOf } from './plan.ts'

const on = testServer({ id: 'on' })
const off = testServer({ id: 'off', status: 'stopped', power: 'off' })
const building = testServer({ id: 'building', status: 'building' })
const foreign = testServer({ id: 'foreign', role: 'viewer' })

const ids = (plan: ReturnType<typeof planOf>) => [
  plan.able.map(({ id }) => id),
  plan.skipped.map(({ server, why }) => [server.id, why]),
]

it('leaves out what makes no sense, each with its reason', () => {
  expect(ids(planOf([on, off, building, foreign], 'power-off', 'admin'))).toEqual([
    ['on'],
    [
      ['off', 'already-off'],
      ['building', 'building'],
      ['foreign', 'role-forbids'],
    ],
  ])
})

it('leaves all out for a role that may not, and for nobody', () => {
  for (const role of ['viewer', null] as const)
    expect(ids(planOf([on], 'reboot', role))).toEqual([[], [['on', 'role-forbids']]])
})
