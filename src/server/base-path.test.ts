import { describe, expect, it } from 'vitest'
import { BasePath, below } from './base-path.ts'

describe('the path below which all is served', () => {
  it.each([
    ['/console', '/console'],
    ['/console/', '/console'],
    [' /ops/bms-console ', '/ops/bms-console'],
    ['/~ops/v1.2_x', '/~ops/v1.2_x'],
    ['/', ''],
  ])('%j is %j', (said, path) => expect(BasePath.parse(said)).toBe(path))

  it.each([
    ['no slash at its beginning', 'console'],
    ['an address', 'https://console.example.com/console'],
    ['the way up', '/a/../b'],
    ['the way up, at its end', '/a/..'],
    ['the same folder', '/./a'],
    ['a query', '/console?x=1'],
    ['a fragment', '/console#x'],
    ['nothing between two slashes', '/a//b'],
    ['another host', '//evil.test'],
    ['several slashes at its end', '/a//'],
    ['what must be escaped', '/a b'],
    ['what is escaped', '/a%20b'],
    ['a quote', '/a"onload="x'],
    ['a semicolon, which ends the path of a cookie', '/a;domain=x'],
    ['a backslash', '/a\\b'],
    ['a letter beyond ASCII', '/büro'],
    ['a probe', '/healthz'],
    ['below a probe', '/readyz/console'],
    ['too long', `/${'a'.repeat(200)}`],
  ])('cannot be %s: %j', (_what, said) => expect(BasePath.safeParse(said).success).toBe(false))

  it.each([
    ['/console', '/'],
    ['/console?x=1', '/?x=1'],
    ['/console/', '/'],
    ['/console/?x=1', '/?x=1'],
    ['/console/api/servers?fresh=true', '/api/servers?fresh=true'],
    ['/console/console', '/console'],
    ['/', null],
    ['/api/servers', null],
    ['/consoles', null],
    ['/console.html', null],
    ['/Console/', null],
    ['//console/', null],
    ['/x/console/', null],
    ['*', null],
  ])('%s is %s from below it', (url, seen) => expect(below('/console', url)).toBe(seen))
})
