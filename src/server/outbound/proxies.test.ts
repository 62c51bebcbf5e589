import { describe, expect, it } from 'vitest'
import {
  noProxies,
  parseExceptions,
  parseProxy,
  proxyFor,
  shownAt,
  shownProxies,
  targetOf,
} from './proxies.ts'

const named = (text: string, setting: string) => {
  const parsed = parseProxy(text)
  if (!parsed) throw new Error(`not a proxy: ${text}`)
  return { ...parsed, setting }
}
const https = named('http://secure.test:3128', 'HTTPS_PROXY')
const http = named('plain.test:8080', 'HTTP_PROXY')

/** @returns the proxy for a URL, where these are excepted */
const by = (url: string, except = '') => {
  const proxy = proxyFor(targetOf(new URL(url)), { https, http, except: parseExceptions(except) ?? [] })
  return proxy && shownAt(proxy)
}

it('https and wss go by HTTPS_PROXY, http and ws by HTTP_PROXY', () => {
  expect(by('https://iam.test/v3')).toBe('secure.test:3128')
  expect(by('wss://gateway.test/?token=t')).toBe('secure.test:3128')
  expect(by('http://keystone.test:5000/v3')).toBe('plain.test:8080')
  expect(by('ws://gateway.test:6083/?token=t')).toBe('plain.test:8080')
  expect(proxyFor(targetOf(new URL('https://iam.test')), noProxies)).toBeNull()
})

it.each([
  'http://localhost:8080',
  'http://LOCALHOST.',
  'http://cloud.localhost',
  'https://127.0.0.1',
  'http://127.9.9.9',
  'ws://[::1]:6083',
])('%s is this machine: no proxy is asked for it', (url) => {
  expect(by(url)).toBeNull()
})

describe('NO_PROXY', () => {
  it.each([
    ['cloud.test', 'https://cloud.test'],
    ['cloud.test', 'https://iam.cloud.test'],
    ['cloud.test', 'wss://a.b.cloud.test:8003/?token=t'],
    ['.cloud.test', 'https://cloud.test'],
    ['.cloud.test', 'https://iam.cloud.test'],
    ['*.cloud.test', 'https://iam.cloud.test'],
    ['CLOUD.test', 'https://Iam.Cloud.TEST.'],
    ['cloud.test.', 'https://cloud.test'],
    ['bücher.test', 'https://www.bücher.test'],
    ['other.test, cloud.test', 'https://cloud.test'],
    ['other.test cloud.test', 'https://cloud.test'],
    ['cloud.test:8003', 'wss://cloud.test:8003'],
    ['cloud.test:443', 'https://cloud.test'],
    ['10.0.0.7', 'https://10.0.0.7'],
    ['10.0.0.7:6083', 'ws://10.0.0.7:6083'],
    ['10.0.0.0/8', 'ws://10.200.0.7:6083'],
    ['fd00::/8', 'ws://[fd12::1]:6083'],
    ['fd12::1', 'ws://[fd12::1]:6083'],
    ['[fd12::1]', 'ws://[FD12:0::1]:6083'],
    ['[fd12::1]:6083', 'ws://[fd12::1]:6083'],
    ['*', 'https://anything.test'],
  ])('“%s” takes off %s', (except, url) => {
    expect(by(url, except)).toBeNull()
  })

  it.each([
    ['', 'https://cloud.test'],
    ['cloud.test', 'https://notcloud.test'],
    ['cloud.test', 'https://cloud.test.evil.test'],
    ['iam.cloud.test', 'https://cloud.test'],
    ['cloud.test:8003', 'https://cloud.test'],
    ['10.0.0.7', 'https://10.0.0.70'],
    ['10.0.0.0/8', 'https://11.0.0.1'],
    ['10.0.0.0/8', 'https://gateway.test'],
    ['fd00::/8', 'https://[fe80::1]'],
    ['0.0.7', 'https://10.0.0.7'],
  ])('“%s” does not take off %s', (except, url) => {
    expect(by(url, except)).toBe('secure.test:3128')
  })

  it.each([
    '10.0.0.0/99',
    'http://cloud.test',
    'cloud.test:0',
    'cloud.test:99999',
    'a b c/d',
    'cloud..test',
    ':80',
  ])('“%s” is none', (text) => expect(parseExceptions(text)).toBeNull())
})

it('is told at the start, without credentials', () => {
  const secret = named('http://user:hunter2@secure.test:3128', 'https_proxy')
  expect(shownProxies({ https: secret, http, except: [] })).toEqual([
    'https_proxy: secure.test:3128',
    'HTTP_PROXY: plain.test:8080',
  ])
  expect(shownProxies(noProxies)).toEqual([])
})

describe('a proxy', () => {
  it('may be a URL or a host, with credentials', () => {
    expect(parseProxy('http://proxy.test:3128/')).toEqual({
      hostname: 'proxy.test',
      port: 3128,
      secure: false,
      authorization: null,
    })
    expect(parseProxy('proxy.test')).toMatchObject({ hostname: 'proxy.test', port: 80, secure: false })
    expect(parseProxy('proxy.test:3128')).toMatchObject({ port: 3128 })
    expect(parseProxy('https://proxy.test')).toMatchObject({ port: 443, secure: true })
    expect(parseProxy('http://[fd00::1]:3128')).toMatchObject({ hostname: 'fd00::1', port: 3128 })
    const { authorization } = parseProxy('http://us%40er:p%3Ass@proxy.test:3128') ?? {}
    expect(authorization).toBe(`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`)
  })

  it.each([
    '',
    'http://',
    'http://:3128',
    'socks5://proxy.test:1080',
    'http://proxy.test/path',
    'http://a b',
    'http://%zz@proxy.test',
  ])('is not “%s”', (text) => expect(parseProxy(text)).toBeNull())
})
