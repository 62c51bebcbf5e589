import { describe, expect, it } from 'vitest'
import { wayError } from './way-error.ts'

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code} wss://gateway.test/?token=secret-token`), { code, ...more })

describe('why a connection failed', () => {
  it.each([
    ['ENOTFOUND', 'name-unknown'],
    ['EAI_AGAIN', 'name-unknown'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'no-route'],
    ['ENETUNREACH', 'no-route'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-unknown'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-unknown'],
    ['CERT_HAS_EXPIRED', 'certificate-expired'],
    ['ECONNRESET', null],
  ])('%s is %s, and the error’s own words stay unsaid', (code, fault) => {
    const error = wayError(coded(code), 'The gateway gateway.test:443')
    expect(error.fault).toBe(fault)
    expect(error.message).toMatch(/^The gateway gateway\.test:443 .*\.$/)
    expect(error.message).toContain(`(${code})`)
    expect(error.message).not.toContain('secret-token')
  })

  it.each([
    [new Error('secret-token')],
    [new DOMException('secret-token', 'AbortError')],
    ['secret-token'],
    [undefined],
  ])('may be unknown: %s', (error) => {
    expect(wayError(error, 'It').message).toBe('It cannot be reached.')
  })

  // Node tries the next address after 250 ms, and most machines have no way to IPv6.
  it.each([
    [['ENETUNREACH', 'ECONNREFUSED'], 'refused'],
    [['ECONNREFUSED', 'ENETUNREACH'], 'refused'],
    [['ETIMEDOUT', 'ECONNREFUSED'], 'refused'],
    [['ENETUNREACH', 'ETIMEDOUT'], 'timeout'],
    [['ENETUNREACH', 'EHOSTUNREACH'], 'no-route'],
  ])('of several addresses, %j, is %s', (codes, fault) => {
    const all = Object.assign(new AggregateError(codes.map((code) => coded(code))), { code: codes[0] })
    expect(wayError(all, 'It').fault).toBe(fault)
  })

  it('repeats of a foreign certificate nothing but readable names, and not all', () => {
    const names = `DNS:a.test\u001b[2J\u202e, ${'DNS:b.test, '.repeat(100)}`
    const error = coded('ERR_TLS_CERT_ALTNAME_INVALID', { cert: { subjectaltname: names } })
    const { fault, message } = wayError(error, 'It')
    expect(fault).toBe('certificate-name')
    expect(message).toContain('DNS:a.test')
    expect(message.length).toBeLessThan(300)
    expect(message).not.toMatch(/[\u001b\u202e]/)
  })
})
