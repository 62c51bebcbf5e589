import { describe, expect, it } from 'vitest'
import { nameOf, textsOf } from './claims.ts'

describe('the groups of a person', () => {
  it.each([
    ['a list', { groups: ['a', 'b'] }, 'groups', ['a', 'b']],
    ['one text', { groups: 'a' }, 'groups', ['a']],
    ['an empty list, which is an answer', { groups: [] }, 'groups', []],
    ['a path', { realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
    ['a name with dots', { 'https://example.com/groups': ['a'] }, 'https://example.com/groups', ['a']],
    ['a name with dots before a path', { 'a.b': 'whole', a: { b: 'path' } }, 'a.b', ['whole']],
    ['texts among other things', { groups: ['a', 1, null, { b: 1 }] }, 'groups', ['a']],
    ['nothing', {}, 'groups', null],
    ['null', { groups: null }, 'groups', null],
    ['a path that ends early', { realm_access: 'roles' }, 'realm_access.roles', null],
    ['what every object has', {}, 'constructor.name', null],
    ['what every list has', { groups: ['a'] }, 'groups.length', null],
  ])('%s', (_what, claims, name, groups) => {
    expect(textsOf(claims, name)).toEqual(groups)
  })
})

describe('the name of a person', () => {
  it.each([
    ['the user name', { preferred_username: 'alice', name: 'Alice', email: 'a@example.com' }, null, 'alice'],
    ['else the name', { name: 'Alice', email: 'a@example.com' }, null, 'Alice'],
    ['else the address', { email: 'a@example.com' }, null, 'a@example.com'],
    ['the configured claim', { preferred_username: 'alice', name: 'Alice' }, 'name', 'Alice'],
    ['the configured claim only', { preferred_username: 'alice' }, 'name', null],
    [
      'one line with nothing hidden',
      { name: 'Alice\r\n\u202eadmin' },
      null,
      'Alice\\u000d\\u000a\\u202eadmin',
    ],
    ['not longer than a line', { name: 'a'.repeat(1000) }, null, 'a'.repeat(200)],
    ['nothing but blanks is no name', { name: ' \u0000 ' }, null, null],
    ['not a text', { name: 7 }, null, null],
  ])('%s', (_what, claims, claim, name) => {
    expect(nameOf(claims, claim)).toBe(name)
  })
})
