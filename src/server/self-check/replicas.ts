import { once } from 'node:events'
import { createServer } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.ts'
import { ConfigError } from '../environment.ts'
import { errorCode } from '../error-code.ts'
import { shownAddress } from '../replicas/settings.ts'
import { evicting, RedisStore } from '../store/redis-store.ts'
import { StoreError } from '../store/store.ts'
import type { Finding } from './finding.ts'

const PROBE_MS = 1_000

/** Whether this server finds what it needs to be one of several. */
export async function* checkReplicas(
  { replicas }: Pick<Config, 'replicas'>,
  log: FastifyBaseLogger,
): AsyncGenerator<Finding> {
  if (!replicas) return
  yield await checkStore(replicas.redisUrl, log)
  yield await checkAddress(replicas.address)
}

async function checkStore(url: string, log: FastifyBaseLogger): Promise<Finding> {
  const about = 'store'
  try {
    const store = await RedisStore.open({ url, log })
    try {
      // One that is a copy, is full or permits less answers, and keeps nothing.
      await store.put('self-check', '1', PROBE_MS)
      const policy = await store.forgets()
      if (policy !== null) return { state: 'warning', about, says: `${evicting} It is ${policy}.` }
      return { state: 'ok', about, says: 'The store answers, and keeps what it is given.' }
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof ConfigError) return { state: 'wrong', about, says: `${error.message}.` }
    if (error instanceof StoreError)
      return { state: 'wrong', about, says: `The store keeps nothing: ${error.message}` }
    throw error
  }
}

async function checkAddress(address: NonNullable<Config['replicas']>['address']): Promise<Finding> {
  const about = 'replicas'
  const shown = shownAddress(address)
  const server = createServer()
  try {
    server.listen(address)
    await once(server, 'listening')
    return {
      state: 'ok',
      about,
      says: `This machine has ${shown}. Whether others reach it is theirs to try.`,
    }
  } catch (error) {
    const code = errorCode(error)
    return code === 'EADDRINUSE'
      ? { state: 'warning', about, says: `${shown} is taken: by this server, if it runs already.` }
      : {
          state: 'wrong',
          about,
          says: `BMS_CONSOLE_REPLICA_ADDRESS: this machine cannot listen at ${shown} (${code}).`,
        }
  } finally {
    server.close()
  }
}
