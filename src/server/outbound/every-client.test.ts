import { expect, it } from 'vitest'
import { testApp } from '../../testing/app.ts'
import { connectProxy } from '../../testing/outbound/connect-proxy.ts'
import { openCloud, openIdentityService } from '../clouds/open-cloud.ts'
import { parseConfig } from '../config.ts'

const huawei = {
  BMS_CONSOLE_CLOUD: 'huawei',
  BMS_CONSOLE_GATEWAYS: 'gateway.test:8003',
  HUAWEI_PROJECT_ID: 'p',
  HUAWEI_BMS_ENDPOINT: 'https://bms.test',
  HUAWEI_IAM_ENDPOINT: 'https://iam.test',
}
const openStack = {
  BMS_CONSOLE_CLOUD: 'openstack',
  BMS_CONSOLE_GATEWAYS: 'gateway.test:8003',
  OS_AUTH_URL: 'https://keystone.test/v3',
  OS_USERNAME: 'ops',
  OS_PASSWORD: 'hunter2',
  OS_PROJECT_NAME: 'demo',
  HOME: '/nowhere',
}

it.each([
  ['Keystone', openStack, 'keystone.test:443'],
  ['IAM', { ...huawei, HUAWEI_DOMAIN: 'd', HUAWEI_USER: 'u', HUAWEI_PASSWORD: 'hunter2' }, 'iam.test:443'],
  ['BMS', { ...huawei, HUAWEICLOUD_SDK_AK: 'a', HUAWEICLOUD_SDK_SK: 'hunter2' }, 'bms.test:443'],
] as const)('%s is asked by the proxy', async (_, env, target) => {
  const proxy = await connectProxy({ answer: 403 })
  const { cloud, outbound } = parseConfig({ ...env, HTTPS_PROXY: `user:hunter2@${proxy.host}` })
  if (cloud.kind === 'sandbox') throw new Error('a real cloud was wanted')
  const own = openCloud(cloud, { proxies: outbound.proxies })
  const failure = await own.listServers().then(
    () => null,
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({
    failure: {
      cause: 'cloud-unreachable',
      fault: 'proxy-refused',
      detail: expect.stringContaining(`refuses to connect to ${target}: HTTP 403`),
    },
  })
  expect(String(failure)).not.toContain('hunter2')
  await own.close()
  expect(new Set(proxy.asked)).toEqual(new Set([target]))
})

it.each([
  ['Keystone', { ...openStack, BMS_CONSOLE_SIGN_IN: 'iam' }, 'keystone.test:443'],
  ['IAM', { ...huawei, BMS_CONSOLE_SIGN_IN: 'iam' }, 'iam.test:443'],
] as const)('users who sign in at %s are checked by the proxy', async (_, env, target) => {
  const proxy = await connectProxy({ answer: 403 })
  const { cloud, outbound } = parseConfig({ ...env, HTTPS_PROXY: proxy.host })
  if (cloud.kind === 'sandbox') throw new Error('a real cloud was wanted')
  const users = openIdentityService(cloud, { proxies: outbound.proxies })
  await expect(
    users.signIn({ method: 'password', domain: 'd', user: 'u', password: 'hunter2' }),
  ).rejects.toMatchObject({ failure: { fault: 'proxy-refused' } })
  expect(new Set(proxy.asked)).toEqual(new Set([target]))
})

it('an OpenID provider is asked by the proxy, and the log says what it answered', async () => {
  const proxy = await connectProxy({ credentials: 'user:other' })
  const { app, log } = await testApp({
    env: {
      BMS_CONSOLE_SIGN_IN: 'oidc',
      BMS_CONSOLE_OIDC_ISSUER: 'https://issuer.test',
      BMS_CONSOLE_OIDC_CLIENT_ID: 'console',
      BMS_CONSOLE_OPERATOR_GROUPS: '*',
      HTTPS_PROXY: `http://user:hunter2@${proxy.host}`,
    },
  })
  await app.inject({ url: '/api/sign-in/oidc', headers: { host: 'console.test' } })
  expect(proxy.asked).toEqual(['issuer.test:443'])
  expect(log.join('')).toMatch(
    /the provider is not reachable: The proxy .* wants other credentials: HTTP 407/,
  )
  expect(log.join('')).not.toContain('hunter2')
})
