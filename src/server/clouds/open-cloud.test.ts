import { expect, it } from 'vitest'
import { unscopedToken } from '../../testing/clouds/openstack-answers.ts'
import { startTestCloud } from '../../testing/clouds/test-cloud.ts'
import { huaweiSettings } from './huawei/settings.ts'
import { openIdentityService } from './open-cloud.ts'
import { openStackSettings } from './openstack/settings.ts'

const nowhere = { home: '/nowhere', directory: '/nowhere' }
const context = { credentials: 'not-needed', timeout: undefined } as const

it.each([
  [
    'huawei' as const,
    { domain: { name: 'acme' } },
    (iam: string) =>
      huaweiSettings({ HUAWEI_REGIONS: 'eu-de', HUAWEI_IAM_ENDPOINT: iam }, { kind: 'huawei', ...context }),
  ],
  [
    'openstack' as const,
    'unscoped',
    (keystone: string) => openStackSettings({ OS_AUTH_URL: keystone }, context, nowhere),
  ],
])(
  'the users of %s sign in with what they have there, and nothing of the proxy',
  async (kind, scope, settings) => {
    const iam = await startTestCloud(() => ({
      status: 201,
      headers: { 'x-subject-token': 't' },
      body: unscopedToken,
    }))
    const service = openIdentityService({ kind, settings: settings(iam.endpoint) } as Parameters<
      typeof openIdentityService
    >[0])
    await service.signIn({ method: 'password', domain: 'acme', user: 'ops', password: 's3cret' })
    expect(iam.requests.map(({ path, body }) => [path, JSON.parse(body).auth.scope])).toEqual([
      ['/v3/auth/tokens', scope],
    ])
  },
)
