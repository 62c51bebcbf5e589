import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { createClient } from '@redis/client'
import pino from 'pino'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { freePort } from '../../e2e/lab/tools.ts'
import { killTied, spawnTied } from '../sandbox/machines/tied-process.ts'
import { RedisStore } from '../server/store/redis-store.ts'
import { isInstalled } from './installed.ts'

export interface TestRedis {
  url: string
  /** It stands still: connections stay, and nothing answers. */
  freeze(): void
  thaw(): void
  /** Ends it with all that it has, and starts an empty one at the same place. @param settings as in redis.conf */
  restart(settings?: Settings): Promise<void>
  /** It began long ago: one that has just begun gives no lease for some seconds, since it may have forgotten some. */
  age(): Promise<void>
  stop(): Promise<void>
}

/** For the tests of a file: one real Redis, if it is installed, and any number of stores in it. */
export function withRedis() {
  const installed = isInstalled('redis-server')
  let redis: TestRedis | null = null
  beforeAll(async () => {
    if (installed) redis = await startRedis()
  })
  afterAll(async () => await redis?.stop())
  return {
    installed,
    get server(): TestRedis {
      if (!redis) throw new Error('Redis is not installed')
      return redis
    },
    /** An empty store, or another replica's view of the one with this prefix. It is closed with the test. */
    async open(prefix = `${randomUUID()}:`): Promise<RedisStore> {
      const log = pino({ level: 'silent' })
      const store = await RedisStore.open({ url: this.server.url, prefix, log, settlingMs: 0 })
      onTestFinished(() => store.close())
      return store
    },
  }
}

type Settings = Readonly<Record<string, string>>

/** A real Redis on loopback, in memory only. @param settings as in redis.conf */
export async function startRedis(settings: Settings = {}): Promise<TestRedis> {
  const port = await freePort()
  let tied = await begin(port, settings)
  const signal = (name: NodeJS.Signals) => tied.child.kill(name)
  const url = `redis://127.0.0.1:${port}`
  return {
    url,
    freeze: () => void signal('SIGSTOP'),
    thaw: () => void signal('SIGCONT'),
    async restart(other = settings) {
      await killTied(tied)
      tied = await begin(port, other)
    },
    async age() {
      const client = await createClient({ url }).connect()
      await client.set('bms-console:{lease}:epoch', '1')
      client.destroy()
    },
    stop: () => killTied(tied),
  }
}

async function begin(port: number, settings: Settings) {
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']
  for (const [name, value] of Object.entries(settings)) args.push(`--${name}`, value)
  const tied = spawnTied('redis-server', args)
  tied.stderr.resume()
  let said = ''
  for await (const line of createInterface(tied.stdout)) {
    said += `${line}\n`
    if (line.includes('Ready to accept connections')) {
      tied.stdout.resume()
      return tied
    }
  }
  throw new Error(`redis-server did not start: ${said.trim()}`)
}
