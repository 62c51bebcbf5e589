import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signRequest } from './signer.ts'

const key = { accessKey: 'AKEXAMPLE0001', secretKey: 'sk/example+secret=' }
const now = Date.parse('2026-03-04T05:06:07.890Z')

interface Case {
  method: 'GET' | 'POST'
  path: string
  query?: Record<string, string>
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
      queryParams: query,
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
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
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

  it('for any query and body', () => {
    const names = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/)
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(fc.dictionary(names, text, { noNullPrototype: true }), text, (query, note) => {
        const request: Case = { method: 'POST', path: '/v1/p/detail', query, data: { note } }
        expect(ours(request).authorization).toBe(published(request))
      }),
      { numRuns: 500 },
    )
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
