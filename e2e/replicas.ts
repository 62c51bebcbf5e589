import { randomBytes } from 'node:crypto'
import { startBalancer } from '../src/testing/proxies/balancer.ts'
import { startRedis } from '../src/testing/redis.ts'
import { freePort } from './lab/tools.ts'

/** What several servers need to be one to their users */
export interface Replicas {
  /** The balancer's, in front of them */
  origin: string
  /** One for each */
  envs: NodeJS.ProcessEnv[]
  /** They listen: the balancer starts. */
  balance(ports: readonly number[]): Promise<void>
  /** Ends the balancer and the store. */
  stop(): Promise<void>
}

/**
 * A real Redis, and a balancer that ties nobody to a replica.
 * @param env the settings for all; their port is the balancer's
 */
export async function prepareReplicas(count: number, env: NodeJS.ProcessEnv): Promise<Replicas> {
  const redis = await startRedis()
  const port = env.BMS_CONSOLE_PORT ? Number(env.BMS_CONSOLE_PORT) : await freePort()
  await redis.age()
  const origin = `http://127.0.0.1:${port}`
  const secret = randomBytes(32).toString('base64')
  const envs: NodeJS.ProcessEnv[] = []
  for (let replica = 0; replica < count; replica += 1) {
    envs.push({
      BMS_CONSOLE_PORT: '0',
      BMS_CONSOLE_PUBLIC_ORIGINS: env.BMS_CONSOLE_PUBLIC_ORIGINS ?? origin,
      BMS_CONSOLE_REDIS_URL: redis.url,
      BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
      BMS_CONSOLE_REPLICA_SECRET: secret,
    })
  }
  let stopBalancer = async () => {}
  return {
    origin,
    envs,
    async balance(ports) {
      stopBalancer = await startBalancer(
        port,
        ports.map((each) => `127.0.0.1:${each}`),
      )
    },
    async stop() {
      await stopBalancer()
      await redis.stop()
    },
  }
}
