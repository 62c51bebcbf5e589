import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Cause, type Failure } from '../../../shared/cause.ts'
import { ImpatientClock } from '../../../testing/clock.ts'
import { startTestCloud, tokenAnswer } from '../../../testing/clouds/test-cloud.ts'
import { CloudError } from '../cloud.ts'
import { readError } from '../errors.ts'
import type { HuaweiAuth } from './auth.ts'
import { createHuaweiCloud } from './huawei.ts'

const now = Date.parse('2026-03-04T05:06:07Z')
const read = (status: number, body: unknown, headers: Record<string, string> = {}): Failure =>
  readError(
    { status, headers: new Headers(headers), body: typeof body === 'string' ? body : JSON.stringify(body) },
    [],
    now,
  ).failure

describe('each documented error has its cause', () => {
  const bms = (code: string) => ({ error: { code, message: 'Policy does not allow it.' } })
  const nova = (fault: string, code: number) => ({ [fault]: { code, message: 'Instance busy.' } })
  const gateway = (code: string) => ({ error_code: code, error_msg: 'As told.', request_id: 'req-1' })
  const shapes: [string, number, unknown, Partial<Failure>][] = [
    ['BMS.0004', 403, bms('BMS.0004'), { cause: 'no-permission', code: 'BMS.0004' }],
    ['BMS.0005', 400, bms('BMS.0005'), { cause: 'no-permission', code: 'BMS.0005' }],
    ['BMS.0033', 400, bms('BMS.0033'), { cause: 'no-permission', code: 'BMS.0033' }],
    ['BMS.0032', 400, bms('BMS.0032'), { cause: 'signed-out', code: 'BMS.0032' }],
    ['BMS.0213', 400, bms('BMS.0213'), { cause: 'no-permission', code: 'BMS.0213' }],
    ['BMS.0288', 403, bms('BMS.0288'), { cause: 'no-permission', code: 'BMS.0288' }],
    ['BMS.3011', 400, bms('BMS.3011'), { cause: 'signed-out', code: 'BMS.3011' }],
    ['BMS.0040', 400, bms('BMS.0040'), { cause: 'server-not-found', code: 'BMS.0040' }],
    ['BMS.0035', 400, bms('BMS.0035'), { cause: 'server-not-ready', code: 'BMS.0035' }],
    ['BMS.0036', 400, bms('BMS.0036'), { cause: 'server-not-ready', code: 'BMS.0036' }],
    ['BMS.0037', 400, bms('BMS.0037'), { cause: 'server-not-ready', code: 'BMS.0037' }],
    ['BMS.0039', 400, bms('BMS.0039'), { cause: 'server-not-running', code: 'BMS.0039' }],
    ['BMS.0395', 400, bms('BMS.0395'), { cause: 'unsupported-os', code: 'BMS.0395' }],
    ['BMS.0212', 400, bms('BMS.0212'), { cause: 'throttled', code: 'BMS.0212' }],
    ['Common.0018', 400, bms('Common.0018'), { cause: 'no-permission', code: 'Common.0018' }],
    ['another BMS code', 400, bms('BMS.0001'), { cause: 'bad-request', code: 'BMS.0001' }],
    ['BMS, flat', 500, gateway('BMS.0009'), { cause: 'cloud-error', code: 'BMS.0009' }],
    ['forbidden', 403, nova('forbidden', 403), { cause: 'no-permission', code: '403' }],
    ['badRequest', 400, nova('badRequest', 400), { cause: 'bad-request' }],
    ['itemNotFound', 404, nova('itemNotFound', 404), { cause: 'server-not-found' }],
    ['conflictingRequest', 409, nova('conflictingRequest', 409), { cause: 'server-not-ready' }],
    ['computeFault', 500, nova('computeFault', 500), { cause: 'cloud-error', code: '500' }],
    ['overLimit', 413, nova('overLimit', 413), { cause: 'throttled' }],
    ['APIGW.0301', 401, gateway('APIGW.0301'), { cause: 'signed-out', requestId: 'req-1' }],
    ['APIG.0301', 401, gateway('APIG.0301'), { cause: 'signed-out', code: 'APIG.0301' }],
    ['APIGW.0302', 403, gateway('APIGW.0302'), { cause: 'no-permission', code: 'APIGW.0302' }],
    ['APIGW.0307', 401, gateway('APIGW.0307'), { cause: 'signed-out', code: 'APIGW.0307' }],
    ['APIGW.0310', 403, gateway('APIGW.0310'), { cause: 'no-permission', code: 'APIGW.0310' }],
    ['APIGW.0201', 504, gateway('APIGW.0201'), { cause: 'cloud-timeout', code: 'APIGW.0201' }],
    ['APIGW.0103', 404, gateway('APIGW.0103'), { cause: 'bad-request', code: 'APIGW.0103' }],
    ['APIG.0101', 404, gateway('APIG.0101'), { cause: 'bad-request', code: 'APIG.0101' }],
    ['APIGW.0308', 429, gateway('APIGW.0308'), { cause: 'throttled', code: 'APIGW.0308' }],
    ['APIGW.0101', 404, gateway('APIGW.0101'), { cause: 'bad-request', code: 'APIGW.0101' }],
    [
      'IAM',
      401,
      { error: { code: 401, message: 'Wrong password.', title: 'Unauthorized' } },
      { cause: 'signed-out', code: '401', detail: 'The cloud answered HTTP 401: Wrong password.' },
    ],
  ]
  it.each(shapes)('%s', (_name, status, body, expected) => {
    expect(read(status, body)).toMatchObject(expected)
  })

  const bodiless: [number, Cause][] = [
    [302, 'cloud-error'],
    [400, 'bad-request'],
    [401, 'signed-out'],
    [403, 'no-permission'],
    [404, 'server-not-found'],
    [405, 'bad-request'],
    [408, 'cloud-timeout'],
    [409, 'server-not-ready'],
    [429, 'throttled'],
    [500, 'cloud-error'],
    [502, 'cloud-error'],
    [503, 'cloud-error'],
    [504, 'cloud-timeout'],
  ]
  const empty = [
    '',
    '<html><h1>502 Bad Gateway</h1></html>',
    '{"error":{"code":"BMS.0',
    'null',
    '[]',
    '"no"',
    '{}',
  ]
  it.each(bodiless)('HTTP %i without a readable body', (status, cause) => {
    for (const body of empty) {
      expect(read(status, body)).toEqual({
        cause,
        detail: `The cloud answered HTTP ${status} without a reason.`,
      })
    }
  })

  it('takes no cause from a code that only looks like one', () => {
    for (const code of ['constructor', 'toString', '__proto__'])
      expect(Cause.safeParse(read(500, bms(code)).cause).data).toBe('cloud-error')
  })

  it('reads Retry-After in seconds and as a date, and the request id from a header', () => {
    expect(read(429, '', { 'retry-after': '30' }).retryAfter).toBe(30)
    expect(read(429, '', { 'retry-after': 'Wed, 04 Mar 2026 05:06:37 GMT' }).retryAfter).toBe(30)
    expect(read(429, '', { 'retry-after': 'Wed, 04 Mar 2026 05:00:00 GMT' }).retryAfter).toBe(0)
    expect(read(429, '', { 'retry-after': 'soon' })).not.toHaveProperty('retryAfter')
    // The cloud's clock may be another one than ours. Both of its dates are by its own.
    const [date, later] = ['Tue, 03 Mar 2026 05:06:07 GMT', 'Tue, 03 Mar 2026 05:06:37 GMT']
    expect(read(429, '', { date, 'retry-after': later }).retryAfter).toBe(30)
    expect(read(429, '', { date: 'now', 'retry-after': 'Wed, 04 Mar 2026 05:06:37 GMT' }).retryAfter).toBe(30)
    expect(read(500, '', { 'x-request-id': 'req-2' }).requestId).toBe('req-2')
  })
})

describe('a cloud that repeats all it was sent', () => {
  const password = 'pa"ss\\wörd &%+/ sandbox'
  const token = 'MIIFVgYJKoZI.hvcNAQcCoIIFRzCC'
  const secretKey = 'sk0example/secret+key=1234567'
  const auths: Record<string, (iamEndpoint: string) => HuaweiAuth> = {
    password: (iamEndpoint) => ({ kind: 'password', iamEndpoint, domain: 'd', user: 'u', password }),
    token: () => ({ kind: 'token', token }),
    aksk: () => ({ kind: 'aksk', accessKey: 'AK1', secretKey, securityToken: token }),
  }
  // With every padding the cut at the end of a long message falls elsewhere in the secrets.
  const paddings = Array.from({ length: 30 }, (_, index) => '. '.repeat(index * 10))

  it.each(Object.entries(auths))('is not repeated in our errors: %s', async (_name, auth) => {
    let padding = ''
    let signsIn = true
    const cloud = await startTestCloud(({ path, headers, body }) => {
      if (path.startsWith('/v3/') && signsIn) return tokenAnswer(token)
      const known = String(headers['x-auth-token'] ?? headers['x-security-token'] ?? '')
      const secret = path.startsWith('/v3/') ? password : headers.authorization ? secretKey : ''
      const message = `${padding} ${known} ${secret} ${encodeURIComponent(`${known} ${secret}`)} ${body} ${JSON.stringify(headers)}`
      return {
        status: 401,
        headers: { 'x-request-id': encodeURIComponent(known) },
        body: { error: { code: known, message } },
      }
    })
    const mine = auth(cloud.endpoint)
    const secrets =
      mine.kind === 'password' ? [password, token] : mine.kind === 'token' ? [token] : [secretKey, token]
    for (padding of paddings) {
      signsIn = !signsIn
      const client = createHuaweiCloud({
        endpoint: cloud.endpoint,
        projectId: 'p',
        auth: mine,
        clock: new ImpatientClock(),
      })
      for (const call of [
        () => client.getServer('s'),
        () => client.remoteConsole('s'),
        () => client.listServers(),
      ]) {
        const error = await call().then(String, (thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(CloudError)
        const text = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`
        for (const secret of secrets) {
          for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
            // Not the beginning of it either.
            expect(text).not.toContain(form.slice(0, 8))
          }
        }
      }
    }
  })
})
