import { describe, expect, it } from 'vitest'
import { ImpatientClock } from '../../../testing/clock.ts'
import { receipt, scopedToken } from '../../../testing/clouds/openstack-answers.ts'
import { type CannedAnswer, startTestCloud } from '../../../testing/clouds/test-cloud.ts'
import { CloudError } from '../cloud.ts'
import { CloudHttp } from '../http.ts'
import { type Credentials, Keystone } from './keystone.ts'
import { RenewedToken } from './tokens.ts'

const password: Credentials = { kind: 'password', user: { id: 'u' }, password: 'devstacker' }
const HOUR = 3_600_000

/** @param ahead by how much the cloud's clock is ahead of ours, ms */
async function start(
  credentials = password,
  answer?: (count: number) => CannedAnswer | undefined,
  ahead = 0,
) {
  const clock = new ImpatientClock(Date.parse('2026-03-04T00:00:00Z'))
  const there = () => clock.now() + ahead
  const end = there() + HOUR
  const { endpoint, requests } = await startTestCloud((_request, index) => {
    const expires_at = new Date(credentials.kind === 'token' ? end : there() + HOUR).toISOString()
    const issued_at = new Date(there()).toISOString()
    return (
      answer?.(index + 1) ?? {
        status: 201,
        headers: { 'x-subject-token': `token-${index + 1}` },
        body: { token: { ...scopedToken({}).token, issued_at, expires_at } },
      }
    )
  })
  const http = new CloudHttp({ clock })
  const tokens = new RenewedToken(new Keystone(endpoint, http), {
    credentials,
    scope: 'own',
    refusedSays: "Keystone rejected BMS Console's own sign-in (the test).",
  })
  return { tokens, requests, pass: (ms: number) => clock.advance(ms) }
}

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof CloudError)) throw new Error('a CloudError was expected')
  return error.failure
}

describe('a token of the proxy', () => {
  it('comes again before it ends, not at its end', async () => {
    const { tokens, requests, pass } = await start()
    await tokens.current()
    pass(HOUR - 6 * 60_000)
    expect((await tokens.current()).value).toBe('token-1')
    pass(2 * 60_000)
    expect((await tokens.current()).value).toBe('token-2')
    expect(requests).toHaveLength(2)
  })

  it.each([
    ['a day ahead', 24 * HOUR],
    ['a day behind', -24 * HOUR],
  ])('is kept as long as it is good, the cloud’s clock being %s', async (_, ahead) => {
    const { tokens, requests, pass } = await start(password, undefined, ahead)
    await tokens.current()
    pass(HOUR - 6 * 60_000)
    expect((await tokens.current()).value).toBe('token-1')
    pass(2 * 60_000)
    expect((await tokens.current()).value).toBe('token-2')
    expect(requests).toHaveLength(2)
  })

  it('that another gave is used to its end: what it gives anew ends then as well', async () => {
    const { tokens, requests, pass } = await start({ kind: 'token', token: 'given' })
    await tokens.current()
    pass(HOUR - 1000)
    await tokens.current()
    expect(requests).toHaveLength(1)
  })

  it('is not discarded for an older one that was refused late', async () => {
    const { tokens, requests } = await start()
    await tokens.current()
    expect(tokens.discard({ 'x-auth-token': 'token-1' })).toBe(true)
    await tokens.current()
    expect(tokens.discard({ 'x-auth-token': 'token-1' })).toBe(true)
    expect((await tokens.current()).value).toBe('token-2')
    expect(requests).toHaveLength(2)
  })
})

describe('a refused sign-in of the proxy', () => {
  it('is not tried again at once: Keystone could lock the user out', async () => {
    const { tokens, requests, pass } = await start(password, (count) =>
      count === 1
        ? { status: 401, body: { error: { code: 401, message: 'No.', title: 'Unauthorized' } } }
        : undefined,
    )
    expect(await failure(tokens.current())).toMatchObject({ cause: 'signed-out' })
    expect((await failure(tokens.current())).detail).toContain("BMS Console's own sign-in (the test)")
    expect(requests).toHaveLength(1)
    pass(10 * 60_000)
    expect((await tokens.current()).value).toBe('token-2')
  })

  it('for want of a code is one, too: nobody is there to type it', async () => {
    const { tokens } = await start(password, () => ({
      status: 401,
      headers: { 'openstack-auth-receipt': 'r' },
      body: receipt,
    }))
    expect(await failure(tokens.current())).toMatchObject({
      cause: 'signed-out',
      detail: expect.stringContaining('one-time code'),
    })
  })

  it('for another reason is tried again', async () => {
    const { tokens, requests } = await start(password, (count) => (count <= 2 ? { status: 503 } : undefined))
    expect(await failure(tokens.current())).toMatchObject({ cause: 'cloud-error' })
    expect((await tokens.current()).value).toBe('token-3')
    expect(requests).toHaveLength(3)
  })
})
