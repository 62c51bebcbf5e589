import { expect, it } from 'vitest'
import { ownPath } from './own-path.ts'

it.each([
  '/',
  '/?q=web&sort=-name',
  '/servers/5a1d0c01/console',
  '/recordings?q=%22panic%22#x',
  '/signed-in',
])('comes back to %s', (path) => expect(ownPath(path)).toBe(path))

it.each([
  undefined,
  '',
  'servers',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  'javascript:alert(1)',
  '\\\\evil.example',
  ' //evil.example',
  '/api/sign-in/oidc',
  '/sign-in?to=/',
])('begins at the start instead of %j', (path) => expect(ownPath(path)).toBe('/'))
