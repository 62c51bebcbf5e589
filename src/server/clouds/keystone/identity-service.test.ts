import { describe, expect, it } from 'vitest'
import type { IamCredentials } from '../../../shared/sign-in.ts'
import { ImpatientClock } from '../../../testing/clock.ts'
import { failure, password, startOpenStack, unauthorised } from '../../../testing/clouds/keystone.ts'
import { userId } from '../../../testing/clouds/openstack-answers.ts'
import {
  type CannedAnswer,
  type RecordedRequest,
  startTestCloud,
} from '../../../testing/clouds/test-cloud.ts'
import { huaweiIdentityService } from '../huawei/identity-service.ts'
import type { IdentityService } from '../identity-service.ts'

describe('signing in', () => {
  const bodyOf = ({ body }: RecordedRequest) => JSON.parse(body).auth
  const huawei = (iamEndpoint: string): IdentityService =>
    huaweiIdentityService({
      iamEndpoint,
      name: 'test',
      domain: null,
      regions: [],
      clock: new ImpatientClock(),
    })

  it('with a password is unscoped in OpenStack, and scoped to the account in Huawei Cloud', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    const account = await service.signIn(password)
    expect(account.user).toEqual({ id: `iam:default/${userId}`, name: 'admin' })
    // What the answer says, whatever our clock does.
    const good = Date.parse('2999-11-09T01:42:57.527Z') - Date.parse('2015-11-09T00:42:57.527Z')
    expect(good - account.leftMs()).toBeLessThan(60_000)
    await huawei(iam.endpoint).signIn(password)
    const identity = {
      methods: ['password'],
      password: { user: { name: 'ops', password: 's3cret', domain: { name: 'acme' } } },
    }
    expect(iam.requests.map(bodyOf)).toEqual([
      { identity, scope: 'unscoped' },
      { identity, scope: { domain: { name: 'acme' } } },
    ])
  })

  it('with a code names the user as the person did: by name or by id', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    await service.signIn({ ...password, code: '012345' })
    await service.signIn({ ...password, user: userId, code: '012345' })
    expect(iam.requests.map((request) => bodyOf(request).identity)).toEqual([
      {
        methods: ['password', 'totp'],
        password: { user: { name: 'ops', domain: { name: 'acme' }, password: 's3cret' } },
        totp: { user: { name: 'ops', domain: { name: 'acme' }, passcode: '012345' } },
      },
      {
        methods: ['password', 'totp'],
        password: { user: { id: userId, password: 's3cret' } },
        totp: { user: { id: userId, passcode: '012345' } },
      },
    ])
  })

  it('with a token asks the token', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    expect((await service.signIn({ method: 'token', token: 'pasted' })).user.id).toBe(`iam:default/${userId}`)
    expect(iam.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v3/auth/tokens'])
  })

  const mfa = {
    status: 401,
    body: { error: { code: 401, message: 'mfa totp code verify fail', title: 'Unauthorized' } },
  }
  it.each<[string, CannedAnswer, IamCredentials, string]>([
    ['a wrong password', unauthorised, password, 'credentials-refused'],
    ['no code', mfa, password, 'code-needed'],
    ['a wrong code', mfa, { ...password, code: '012345' }, 'credentials-refused'],
    ['an IAM that is away', { status: 503 }, password, 'cloud-error'],
    ['an account that may not', { status: 403 }, password, 'no-permission'],
  ])('that is refused has its cause: %s', async (_name, answer, credentials, cause) => {
    const { service, iam } = await startOpenStack({ projects: [], signIn: () => answer })
    expect((await failure(service.signIn(credentials))).cause).toBe(cause)
    // A second try would bring the account nearer to being locked.
    expect(iam.requests).toHaveLength(cause === 'cloud-error' ? 2 : 1)
  })

  it.each([401, 404])('with a token that has ended is refused: %i', async (status) => {
    const cloud = await startTestCloud(() => ({ status }))
    const refusal = await failure(huawei(cloud.endpoint).signIn({ method: 'token', token: 'pasted' }))
    expect(refusal.cause).toBe('credentials-refused')
  })

  it('takes a token with what is around it, and nothing that cannot be one', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    await service.signIn({ method: 'token', token: ' pasted\n' })
    expect(iam.requests[0]?.headers['x-auth-token']).toBe('pasted')
    for (const token of ['two words', 'schlüssel', 'line\r\nline', ' ']) {
      expect(await failure(service.signIn({ method: 'token', token }))).toMatchObject({
        cause: 'credentials-refused',
      })
    }
    expect(iam.requests).toHaveLength(1)
  })

  it('says, after a sign-in by name with a code, that Huawei Cloud may want the user id', async () => {
    const cloud = await startTestCloud(() => mfa)
    const service = huawei(cloud.endpoint)
    const byName = await failure(service.signIn({ ...password, code: '012345' }))
    expect(byName.detail).toContain('user id')
    const byId = await failure(service.signIn({ ...password, user: userId, code: '012345' }))
    expect(byId.detail).not.toContain('user id')
  })
})
