import { expect, it } from 'vitest'
import { newTotpSecret, totpCode } from './totp.ts'

it.each([
  // RFC 6238, appendix B: its codes have eight digits, of which these are the last six.
  ['1970-01-01T00:00:59Z', '287082'],
  ['2005-03-18T01:58:29Z', '081804'],
  ['2009-02-13T23:31:30Z', '005924'],
  ['2603-10-11T11:33:20Z', '353130'],
])('at %s the code of the RFC’s secret is %s', (time, code) => {
  // "12345678901234567890" in base32
  expect(totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', Date.parse(time))).toBe(code)
})

it('makes secrets of 160 bits, another each time', () => {
  const secrets = new Set(Array.from({ length: 20 }, newTotpSecret))
  expect(secrets.size).toBe(20)
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/)
})
