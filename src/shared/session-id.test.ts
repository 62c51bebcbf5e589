import { expect, it } from 'vitest'
import { bootOf, bootsDiffer, sessionIdOf } from './session-id.ts'

it('a session tells which boot opened it', () => {
  const [one, same, later] = [sessionIdOf('b1', 'x'), sessionIdOf('b1', 'y'), sessionIdOf('b2', 'x')]
  expect(bootOf(one)).toBe('b1')
  expect(bootsDiffer(one, same)).toBe(false)
  expect(bootsDiffer(one, later)).toBe(true)
})

it.each(['', 'session-1', '.x'])('%j is no session of ours, and tells nothing', (id) => {
  expect(bootOf(id)).toBeNull()
  expect(bootsDiffer(id, sessionIdOf('b1', 'x'))).toBe(false)
})
