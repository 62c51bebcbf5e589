import { expect, it, onTestFinished } from 'vitest'
import { defaultFleet } from '../../sandbox/fleet.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { paths, ServerDetail } from '../../shared/api.ts'
import { DescribedDetail } from '../../shared/server-facts.ts'
import { testApp } from '../../testing/app.ts'
import { openSandbox } from '../clouds/sandbox.ts'

it.each(['huawei', 'openstack'] as const)(
  'the answer about one server of %s has its facts and the call for its console, and no secret',
  async (kind) => {
    const sandbox = await startSandbox({ allowedOrigins: [] })
    onTestFinished(() => sandbox.close())
    const { app } = await testApp({ cloud: openSandbox(sandbox, kind).cloud() })
    const id = defaultFleet().find(({ name }) => name === 'db-fra-01')?.id ?? ''
    const response = await app.inject({ url: paths.server(id), headers: { host: 'console.test' } })
    const { server, facts, call } = DescribedDetail.parse(response.json())
    expect(ServerDetail.parse(response.json())).toEqual({ server })
    expect(facts).toMatchObject({
      plain: { description: 'Primary of the order database', keyPair: 'ops-2025', vmState: 'active' },
      securityGroups: [{ name: 'default' }],
      nics: [{ addresses: [{ address: '192.168.10.21', kind: 'fixed' }] }],
    })
    expect(facts?.disks.map(({ deletedWithServer }) => deletedWithServer)).toEqual([true, false, false])
    expect(call).toEqual(
      kind === 'huawei'
        ? {
            api: 'bms',
            endpoint: sandbox.apiEndpoint,
            projectId: sandbox.projectId,
            iam: sandbox.iamEndpoint,
            region: null,
          }
        : {
            api: 'nova',
            base: `${sandbox.apiEndpoint}/compute/v2.1`,
            minor: expect.any(Number),
            region: 'eu-de',
          },
    )
    const { credentials, openstack } = sandbox
    for (const secret of [
      credentials.password,
      openstack.applicationCredential.secret,
      'sandbox-first-password',
      Buffer.from('sandbox-first-password').toString('base64').slice(2, 20),
      'user_data',
    ])
      expect(response.body).not.toContain(secret)
  },
)
