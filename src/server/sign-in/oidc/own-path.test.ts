import { describe, expect, it } from 'vitest'
import { ownPath } from './own-path.ts'

describe('where one goes after signing in', () => {
  it.each([
    '/',
    '/servers/2c1f/console',
    '/servers/a%20b/console?split=2#bottom',
    '/recordings?q=kernel%20panic&page=2',
    '/recordings?q=https://example.com//a',
    '/recordings/',
  ])('is a path of our page: %s', (to) => {
    expect(ownPath(to)).toBe(to)
  })

  it.each([
    ['nothing', undefined],
    ['empty', ''],
    ['relative', 'servers'],
    ['another scheme', 'https://evil.test/'],
    ['a scheme without slashes', 'https:evil.test'],
    ['a script', 'javascript:alert(1)'],
    ['two slashes', '//evil.test'],
    ['three slashes', '///evil.test'],
    ['a backslash', '/\\evil.test'],
    ['two backslashes', '\\\\evil.test'],
    ['a backslash further on', '/servers\\..\\\\evil.test'],
    ['a tab, which browsers leave out', '/\t/evil.test'],
    ['a line break, which browsers leave out', '/\n/evil.test'],
    ['a header of its own', '/\r\nSet-Cookie: a=b'],
    ['a header of its own, in the query', '/?a\r\nSet-Cookie: a=b'],
    ['a leading space', ' //evil.test'],
    ['NUL', '/\0/evil.test'],
    ['an encoded slash', '/%2Fevil.test'],
    ['an encoded slash, in small letters', '/%2fevil.test'],
    ['encoded slashes', '/%2F%2Fevil.test'],
    ['an encoded backslash', '/%5Cevil.test'],
    ['an encoded line break', '/%0d%0aSet-Cookie:%20a=b'],
    ['an encoded tab', '/%09/evil.test'],
    ['encoded twice', '/%252Fevil.test'],
    ['half an encoding', '/%2'],
    ['a dot before two slashes', '/.//evil.test'],
    ['a step up before two slashes', '/servers/..//evil.test'],
    ['a step up', '/servers/../api/about'],
    ['an encoded step up', '/servers/%2e%2e//evil.test'],
    ['a user before a host', '/@evil.test//'],
    ['two slashes further on', '/servers//evil.test'],
    ['another alphabet', '/ｅvil／／test'],
    ['the API', '/api/servers'],
    ['the API in capitals', '/API/servers'],
    ['our own sign-in', '/sign-in?failed=no-role'],
    ['too long', `/${'a'.repeat(600)}`],
  ])('is the start page instead: %s', (_what, to) => {
    expect(ownPath(to)).toBe('/')
  })

  it('stays on our origin as a browser reads it', () => {
    const parts = ['/', '\\', '.', '%2f', '%5c', 'evil.test', ':', '@', '?', '#', '\t', '%09', '%252f', '']
    const outside: string[] = []
    for (const a of parts)
      for (const b of parts)
        for (const c of parts)
          for (const d of parts) {
            const url = new URL(ownPath(`/${a}${b}${c}${d}`), 'https://console.test')
            if (url.origin !== 'https://console.test' || /^\/[/\\]/.test(url.pathname)) outside.push(url.href)
          }
    expect(outside).toEqual([])
  })
})
