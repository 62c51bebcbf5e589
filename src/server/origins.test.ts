import { describe, expect, it } from 'vitest'
import { isSafeOrigin, loopbackOrigins, PublicOrigins } from './origins.ts'

const both = new PublicOrigins(['https://console.test', 'http://127.0.0.1:8080'])

describe('public origins', () => {
  it('have their hosts, however these are spelt, and no others', () => {
    for (const host of ['console.test', 'CONSOLE.test', '127.0.0.1:8080'])
      expect(both.hasHost(host)).toBe(true)
    for (const host of ['127.0.0.1', 'console.test:444', 'evil.test', '', undefined])
      expect(both.hasHost(host)).toBe(false)
  })

  it('allow exactly themselves', () => {
    for (const origin of both.all) expect(both.allows(origin)).toBe(true)
    for (const origin of ['http://console.test', 'https://console.test/', 'null', ''])
      expect(both.allows(origin)).toBe(false)
  })

  it('are secure where the host is never opened over plain http', () => {
    expect([both.isSecure('console.test'), both.isSecure('127.0.0.1:8080')]).toEqual([true, false])
    const twice = new PublicOrigins(['https://console.test', 'http://console.test'])
    expect(twice.isSecure('console.test')).toBe(false)
  })

  it('tell by which of them a request came', () => {
    expect(both.originOf('127.0.0.1:8080')).toBe('http://127.0.0.1:8080')
    expect(both.originOf('evil.test')).toBe('https://console.test')
  })

  it('are bound once; before that there are none', () => {
    const late = new PublicOrigins()
    expect([late.all, late.hasHost('localhost:1'), late.allows('http://localhost:1')]).toEqual([
      [],
      false,
      false,
    ])
    expect(() => late.originOf('localhost:1')).toThrow('no public origin')
    late.bind(loopbackOrigins(1))
    expect(late.all).toEqual(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1'])
    expect(() => late.bind([])).toThrow('bound already')
  })
})

it.each([
  ['https://console.test', true],
  ['http://localhost:8080', true],
  ['http://[::1]:8080', true],
  ['http://console.test', false],
])('%s is safe: %s', (origin, safe) => {
  expect(isSafeOrigin(origin)).toBe(safe)
})
