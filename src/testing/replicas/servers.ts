import { onTestFinished } from 'vitest'
import { freePort } from '../../../e2e/lab/tools.ts'
import { listeningTestApp } from '../app.ts'
import { startRedis } from '../redis.ts'
import { startGateway } from '../security/guarded-app.ts'
import { testServer } from '../server.ts'
import { silentCloud } from '../sign-in/identity.ts'
import { TestIdentityService } from '../sign-in/identity-service.ts'

/** What all replicas of a test share, unless one has another secret. */
const SECRET = 'a secret that all replicas of a test share'

/**
 * Several whole servers in this process, with a real Redis, one cloud and one gateway that repeats what is typed. Each is
 * reached at its own port, and a request for another's origin is welcome at any of them.
 */
export async function startReplicas(count: number, envs: readonly NodeJS.ProcessEnv[] = []) {
  const redis = await startRedis()
  onTestFinished(redis.stop)
  await redis.age()
  /** What came to the gateway and the cloud */
  const calls: string[] = []
  const gateway = await startGateway(calls)
  const ports: number[] = []
  for (let index = 0; index < count; index += 1) ports.push(await freePort())
  const origins = ports.map((port) => `http://127.0.0.1:${port}`)
  const cloud = {
    ...silentCloud,
    listServers: async () => ({ servers: [testServer()], missing: [] }),
    getServer: async (id: string) => testServer({ id, name: id }),
    async remoteConsole() {
      calls.push('console')
      return `http://${gateway}/?token=of-a-test`
    },
  }
  const servers = []
  for (const [index, port] of ports.entries()) {
    const env = {
      BMS_CONSOLE_PORT: String(port),
      BMS_CONSOLE_PUBLIC_ORIGINS: origins.join(','),
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_GATEWAYS: gateway,
      BMS_CONSOLE_REDIS_URL: redis.url,
      BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
      BMS_CONSOLE_REPLICA_SECRET: SECRET,
      ...envs[index],
    }
    const identityService = new TestIdentityService(cloud)
    servers.push({ ...(await listeningTestApp({ env, cloud, identityService })), env, identityService })
  }
  return { redis, calls, servers }
}
