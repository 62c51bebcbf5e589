import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuseSignature } from '../../../sandbox/signature.ts'
import { signRequest } from './signer.ts'

const key = { accessKey: 'AKEXAMPLE0001', secretKey: 'sk/example+secret=' }
const now = Date.parse('2026-03-04T05:06:07.890Z')

interface Case {
  method: 'GET' | 'POST'
  path: string
  query?: Record<string, string | string[]>
  headers?: Record<string, string>
  data?: unknown
}

/** The Authorization that Huawei's own SDK puts on the same request. */
function published({ method, path, query = {}, headers = {}, data }: Case): string {
  const notUsed = () => Promise.reject(new Error('not used'))
  const signed: Record<string, unknown> = AKSKSigner.sign(
    {
      method,
      endpoint: `https://bms.example.com${path}`,
      // It sorts them in place.
      queryParams: structuredClone(query),
      headers: { 'X-Sdk-Date': '20260304T050607Z', 'content-type': 'application/json', ...headers },
      ...(data === undefined ? {} : { data }),
    },
    {
      getAk: () => key.accessKey,
      getSk: () => key.secretKey,
      processAuthRequest: notUsed,
      processAuthParams: notUsed,
    },
  )
  return String(signed.Authorization)
}

function ours({ method, path, query = {}, headers = {}, data }: Case) {
  const url = new URL(path, 'https://bms.example.com')
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) url.searchParams.append(name, value)
  const body = data === undefined ? '' : JSON.stringify(data)
  return signRequest(
    { method, url, headers: { 'content-type': 'application/json', ...headers }, body },
    key,
    now,
  )
}

describe('the signature is that of the published SDK', () => {
  const cases: Record<string, Case> = {
    'GET without a query': { method: 'GET', path: '/v1/0a1b/baremetalservers/5a1d-7c1e' },
    'GET of the list': { method: 'GET', path: '/v1/0a1b/detail', query: { offset: '1', limit: '1000' } },
    'a query that needs encoding': {
      method: 'GET',
      path: '/v1/0a1b/detail',
      query: { name: "žluťoučký kůň *(!')~ a+b/c?=&", tags: 'env=prod,x', b: '', B: '日本語 🚀' },
    },
    'POST with a body': {
      method: 'POST',
      path: '/v1/0a1b/baremetalservers/5a1d/remote_console',
      data: { remote_console: { protocol: 'serial', type: 'serial', note: '日本語 — 🚀' } },
    },
    'a project and temporary keys': {
      method: 'POST',
      path: '/v1/0a1b/baremetalservers/action',
      headers: { 'x-project-id': '0a1b', 'x-security-token': 'gQpjbi1ub3J0aC0x+/==' },
      data: {},
    },
    'a path that ends in a slash': { method: 'GET', path: '/v1/' },
    'the root': { method: 'GET', path: '/' },
    'a port in the host': { method: 'GET', path: '/v1/x_y-z.~', headers: { host: 'bms.example.com:8443' } },
  }

  it.each(Object.entries(cases))('%s', (_name, request) => {
    expect(ours(request).authorization).toBe(published(request))
  })

  const names = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/)
  const text = fc.string({ unit: 'grapheme' })
  const token = fc.stringMatching(/^[A-Za-z0-9+/]{1,200}={0,2}$/)

  it('for any query, with repeated names and empty values', () => {
    const values = fc.oneof(
      text,
      fc.array(fc.stringMatching(/^[a-z0-9]{0,3}$/), { minLength: 1, maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.dictionary(names, values, { noNullPrototype: true }), (query) => {
        const request: Case = { method: 'GET', path: '/v1/p/detail', query }
        expect(ours(request).authorization).toBe(published(request))
      }),
      { numRuns: 500 },
    )
  })

  it('for any body, and any temporary key', () => {
    fc.assert(
      fc.property(fc.object(), text, token, (data, note, securityToken) => {
        const headers = { 'x-project-id': 'p', 'x-security-token': securityToken }
        const request: Case = { method: 'POST', path: '/v1/p/action', headers, data: { data, note } }
        expect(ours(request).authorization).toBe(published(request))
      }),
      { numRuns: 500 },
    )
  })

  it('for any path that the SDK does not encode twice', () => {
    // It encodes what its URL parser has encoded already: only characters that this one leaves alone compare.
    const odd = fc.string({ unit: fc.constantFrom(...'azAZ09-_.~!()*+,;=&$@:éů日🚀'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 5 }), (segments) => {
        const request: Case = {
          method: 'GET',
          path: segments.map((segment) => `/x${segment}`).join('') || '/',
        }
        expect(ours(request).authorization).toBe(published(request))
      }),
      { numRuns: 500 },
    )
  })
})

describe('the signature is good for one who checks it by the document', () => {
  const sign = (url: URL, headers: Record<string, string>, body: string) => {
    const signed = signRequest({ method: 'POST', url, headers, body }, key, now)
    // As `fetch` writes the request line.
    return { method: 'POST', target: `${url.pathname}${url.search}`, headers: signed, body }
  }

  it('for any path, query and body, with any temporary key', () => {
    const text = fc.string({ unit: 'grapheme' })
    const token = fc.stringMatching(/^[A-Za-z0-9+/]{1,64}={0,2}$/)
    const pairs = fc.array(fc.tuple(text, text), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), pairs, text, token, (segments, query, body, token) => {
        const path = segments.map((segment) => `/x${encodeURIComponent(segment)}`).join('')
        const url = new URL(path || '/', 'https://bms.example.com:8443')
        for (const [name, value] of query) url.searchParams.append(name, value)
        const request = sign(url, { 'x-security-token': token }, body)
        expect(refuseSignature(request, key, now)).toBeNull()
        const other = { ...request.headers, 'x-security-token': `${token}x` }
        expect(refuseSignature({ ...request, headers: other }, key, now)).not.toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  it('with names that sort otherwise once they are encoded, and the same name again', () => {
    const url = new URL('https://bms.example.com/v1/p')
    const query = ['é=1', 'z=1', 'a=%', 'a=~', 'a=', 'A=1', '~=1', '%=1', 'a b=+', '日=', 'a=%']
    for (const pair of query) {
      const [name = '', value = ''] = pair.split('=')
      url.searchParams.append(name, value)
    }
    expect(refuseSignature(sign(url, {}, ''), key, now)).toBeNull()
  })
})

it('is that of the signing guide, of its own example', () => {
  // https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-004.html
  const url = new URL('https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs')
  url.search = '?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0'
  const guide = { accessKey: 'QTWAOYTTINDUT2QVKYUC', secretKey: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc' }
  const headers = { 'content-type': 'application/json' }
  const signed = signRequest(
    { method: 'GET', url, headers, body: '' },
    guide,
    Date.parse('2019-11-15T03:36:55Z'),
  )
  expect(signed).toEqual({
    ...headers,
    host: 'service.region.example.com',
    'x-sdk-date': '20191115T033655Z',
    authorization:
      'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
  })
})

it('signs every header it sends, and the moment, host, body and secret matter', () => {
  const request: Case = { method: 'POST', path: '/v1/p', headers: { 'x-project-id': 'p' }, data: { a: 1 } }
  const { authorization = '', ...sent } = ours(request)
  expect(sent).toMatchObject({ host: 'bms.example.com', 'x-sdk-date': '20260304T050607Z' })
  expect(authorization).toContain(`SignedHeaders=${Object.keys(sent).sort().join(';')},`)
  expect(authorization).not.toContain(key.secretKey)
  const url = new URL('https://bms.example.com/v1/p')
  const base = { method: 'POST', url, headers: {}, body: 'a' }
  const variants = [
    signRequest(base, key, now),
    signRequest(base, key, now + 1000),
    signRequest(base, { ...key, secretKey: 'other' }, now),
    signRequest({ ...base, body: 'b' }, key, now),
    signRequest({ ...base, method: 'GET' }, key, now),
    signRequest({ ...base, url: new URL('https://other.example.com/v1/p') }, key, now),
  ]
  expect(new Set(variants.map((headers) => headers.authorization)).size).toBe(variants.length)
})
