import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { networkOf } from './addresses.ts'
import { CloudError } from './clouds/cloud.ts'
import { isFromReplica } from './replicas/link/link-server.ts'
import type { Limiter, Store } from './store/store.ts'

/** How often a route may be asked, besides the limits of the whole API. */
interface RouteLimit {
  perMinute: number
  /** Requests with the same answer are counted together. Absent: those of one network. */
  by?: (request: FastifyRequest) => string | Promise<string>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    limit?: RouteLimit
  }
}

export interface RequestLimits {
  /** Requests that one user may send in a minute, from everywhere */
  userPerMinute: number
  /** Requests that one network may send in a minute, all its users together */
  addressPerMinute: number
  /** How late the event loop may be on average, ms. Keys on open consoles are echoed that much later. */
  maxDelayMs: number
}

const MINUTE_S = 60

const byNetwork = (request: FastifyRequest) => networkOf(request.ip)

/** @throws CloudError `too-many-requests` */
async function take(limiter: Limiter, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    throw new CloudError({
      cause: 'too-many-requests',
      detail: `More than ${limiter.points} of these requests came in a minute.`,
      retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
    })
  }
}

/**
 * Limits the requests of each network to the API. The page's own files do not count. It comes before anybody looks who
 * asks, so that guessing ids is limited, too.
 */
export function limitAddresses(
  app: FastifyInstance,
  { addressPerMinute }: RequestLimits,
  store: Pick<Store, 'limiter'>,
): void {
  const limiter = store.limiter('address', addressPerMinute, MINUTE_S)
  app.addHook('onRequest', async (request) => {
    if (request.url.startsWith('/api/') && !isFromReplica(request)) await take(limiter, byNetwork(request))
  })
}

/** Limits the requests of each user, and those to routes with a limit of their own. It comes after `guardAccess`. */
export function limitUsers(
  app: FastifyInstance,
  { userPerMinute }: RequestLimits,
  store: Pick<Store, 'limiter'>,
): void {
  const limiter = store.limiter('user', userPerMinute, MINUTE_S)
  app.addHook('onRequest', async (request) => {
    const { identity } = request
    if (identity && !isFromReplica(request)) await take(limiter, identity.user.id)
  })
  const hooks = new WeakMap<RouteLimit, (request: FastifyRequest) => Promise<void>>()
  app.addHook('onRoute', (route) => {
    const limit = route.config?.limit
    // Fastify copies a GET route, with its hooks, for HEAD. Both count as one.
    if (!limit || hooks.has(limit)) return
    const ofRoute = store.limiter(`${route.method} ${route.url}`, limit.perMinute, MINUTE_S)
    const hook = async (request: FastifyRequest) => {
      if (!isFromReplica(request)) await take(ofRoute, await (limit.by ?? byNetwork)(request))
    }
    hooks.set(limit, hook)
    route.onRequest = [...[route.onRequest ?? []].flat(), hook]
  })
}

/** The average is taken over this long. A single long task is no overload. */
const SAMPLE_MS = 1_000
/** The share of the heap's limit beyond which the process is about to fail */
const MAX_HEAP = 0.9
const RETRY_S = 3

/** Refuses new requests while this process cannot keep up, so that open consoles go on. */
export async function refuseOverload(app: FastifyInstance, { maxDelayMs }: RequestLimits): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: maxDelayMs,
    sampleInterval: SAMPLE_MS,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP,
    async pressureHandler(_request, _reply, type) {
      throw new CloudError({
        cause: 'overloaded',
        detail: `This process cannot keep up (${type}).`,
        retryAfter: RETRY_S,
      })
    },
  })
}
