import { describe, expect, it } from 'vitest'
import { PowerAction, type PowerObstacle, type Server, serverCan } from './server.ts'

type Facts = Pick<Server, 'status' | 'power' | 'task' | 'locked'>

const running: Facts = { status: 'active', power: 'on', task: null, locked: false }
const stopped: Facts = { ...running, status: 'stopped', power: 'off' }

/** What is in the way of each action, in the order on, off, reboot, forced reboot, NMI. */
const obstacles = (server: Facts) =>
  PowerAction.options.map((action): PowerObstacle | null => {
    const availability = serverCan.power(server, action)
    return availability.offered ? null : availability.why
  })

describe('power', () => {
  it.each<[string, Facts, (PowerObstacle | null)[]]>([
    ['a running server', running, ['already-on', null, null, null, null]],
    ['a stopped server', stopped, [null, 'already-off', 'powered-off', 'powered-off', 'powered-off']],
    [
      'one that the cloud does not tell of',
      { ...running, status: 'unknown', power: 'unknown' },
      [null, null, null, null, null],
    ],
    ['one in error', { ...running, status: 'error' }, ['already-on', null, 'in-error', null, null]],
  ])('%s', (_, server, expected) => {
    expect(PowerAction.options).toEqual(['power-on', 'power-off', 'reboot', 'hard-reboot', 'nmi'])
    expect(obstacles(server)).toEqual(expected)
  })

  it.each(['powering-on', 'powering-off', 'other'] as const)('waits for the task %s', (task) => {
    expect(new Set(obstacles({ ...running, task }))).toEqual(new Set(['task-under-way']))
    expect(new Set(obstacles({ ...stopped, task }))).toEqual(new Set(['task-under-way']))
  })

  it('forces a reboot that hangs, and nothing else meanwhile', () => {
    const under = ['task-under-way', 'task-under-way', 'task-under-way', null, 'task-under-way']
    expect(obstacles({ ...running, task: 'rebooting' })).toEqual(under)
    expect(obstacles({ ...running, status: 'rebooting' })).toEqual(under)
  })

  it.each<[string, Partial<Facts>, PowerObstacle]>([
    ['locked', { locked: true }, 'locked'],
    ['building', { status: 'building', locked: true }, 'building'],
    ['deleted', { status: 'deleted', task: 'other' }, 'deleted'],
  ])('leaves a server alone that is %s', (_, facts, why) => {
    expect(obstacles({ ...running, ...facts })).toEqual([why, why, why, why, why])
    expect(obstacles({ ...stopped, ...facts })).toEqual([why, why, why, why, why])
  })
})
