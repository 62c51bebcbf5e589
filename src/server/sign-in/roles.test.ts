import { describe, expect, it } from 'vitest'
import { mapsNothing, roleOf } from './roles.ts'

const mapping = { viewer: ['all'], operator: ['ops', 'night'], admin: ['root'] }

describe('roleOf', () => {
  it.each([
    [['all'], 'viewer'],
    [['ops', 'all'], 'operator'],
    [['all', 'root', 'night'], 'admin'],
    [['Root'], null],
    [['root '], null],
    [[], null],
  ] as const)('%j is %s', (groups, role) => {
    expect(roleOf(groups, mapping, null)).toBe(role)
  })

  it('takes the fallback only for whom nothing names', () => {
    expect(roleOf(['elsewhere'], mapping, 'viewer')).toBe('viewer')
    expect(roleOf(['all'], mapping, 'admin')).toBe('viewer')
  })

  it('gives everybody the role of *', () => {
    const everybody = { viewer: ['*'], operator: ['ops'], admin: [] }
    expect(roleOf([], everybody, null)).toBe('viewer')
    expect(roleOf(['ops'], everybody, null)).toBe('operator')
    expect(roleOf(['*'], mapping, null)).toBeNull()
  })

  it('knows a mapping that maps nothing', () => {
    expect(mapsNothing({ viewer: [], operator: [], admin: [] })).toBe(true)
    expect(mapsNothing(mapping)).toBe(false)
  })
})
