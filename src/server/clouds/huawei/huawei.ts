import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { Server } from '../../../shared/server.ts'
import type { Cloud, CloudError } from '../cloud.ts'
import { Authenticator, type HuaweiAuth, type OutgoingRequest } from './auth.ts'
import { connectionError, readError, unintelligible } from './errors.ts'
import { toServer, WireConsole, WireDetail, WireJob, WireList } from './wire.ts'

export interface HuaweiOptions {
  /** The BMS endpoint, e.g. `https://bms.eu-de.otc.t-systems.com`. */
  endpoint: string
  projectId: string
  auth: HuaweiAuth
  /** Per call, answer included. */
  timeoutMs?: number
  /** Servers asked for at once; the API allows 1000. */
  pageSize?: number
  fetch?: typeof fetch
  now?: () => number
  /** Waits before the one retry. */
  pause?: (ms: number) => Promise<unknown>
}

interface Answer {
  headers: Headers
  json: unknown
}

/** More pages than any project has: a cloud that ignores `offset` must not be asked for ever. */
const MAX_PAGES = 200

/**
 * Huawei Cloud and Open Telekom Cloud Bare Metal Server, API v1.
 * https://support.huaweicloud.com/intl/en-us/api-bms/
 */
export function createHuaweiCloud(options: HuaweiOptions): Cloud {
  const { endpoint, projectId, timeoutMs = 10_000, pageSize = 1000, pause = delay } = options
  const now = options.now ?? Date.now
  const send = options.fetch ?? fetch
  const closing = new AbortController()
  const authenticator = new Authenticator(
    options.auth,
    projectId,
    // Asking for a token changes nothing in the cloud: it may be repeated.
    (request) => sendTwice(() => attempt(request, request.headers)),
    now,
  )

  /** One try. @throws CloudError */
  async function attempt(request: OutgoingRequest, headers: Record<string, string>): Promise<Answer> {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await send(request.url, {
        method: request.method,
        headers,
        ...(request.body ? { body: request.body } : {}),
        // A redirect would carry the credentials to another host.
        redirect: 'manual',
        signal: AbortSignal.any([timeout, closing.signal]),
      })
      const body = await response.text()
      if (!response.ok) {
        const { status, headers: told } = response
        const secrets = [...authenticator.secrets(), headers['x-auth-token'] ?? '']
        throw readError({ status, headers: told, body }, secrets, now())
      }
      return { headers: response.headers, json: parseJson(body) }
    } catch (error) {
      throw connectionError(error, timeout.aborted, request.url.host, timeoutMs)
    }
  }

  /** Once more where the call never arrived or the cloud was briefly away; not after the time was used up. */
  async function sendTwice(go: () => Promise<Answer>): Promise<Answer> {
    try {
      return await go()
    } catch (error) {
      const { failure } = error as CloudError
      const passing = failure.cause === 'cloud-unreachable' || failure.cause === 'cloud-error'
      // A cloud that says when to come back must not be asked before.
      if (!passing || failure.retryAfter !== undefined || closing.signal.aborted) throw error
      await pause(200 + Math.random() * 300)
      return go()
    }
  }

  async function call<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    what: string,
    body?: unknown,
  ): Promise<T> {
    const request: OutgoingRequest = {
      method,
      url: new URL(`/v1/${encodeURIComponent(projectId)}/baremetalservers/${path}`, endpoint),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    }
    let token: string | undefined
    const go = async () => {
      token = undefined
      // Asking for a token repeats itself where it must: only the call proper is repeated here.
      const headers = await authenticator.authorise(request)
      token = headers['x-auth-token']
      const once = () => attempt(request, headers)
      return method === 'GET' ? sendTwice(once) : once()
    }
    const answer = await go().catch((error: CloudError) => {
      if (error.failure?.cause !== 'signed-out' || !authenticator.discard(token)) throw error
      return go()
    })
    const parsed = schema.safeParse(answer.json)
    if (!parsed.success) throw unintelligible(what)
    return parsed.data
  }

  return {
    async listServers() {
      const servers = new Map<string, Server>()
      for (let page = 1; page <= MAX_PAGES; page++) {
        // `offset` is the number of the page, from 1.
        const answer = await call('GET', `detail?offset=${page}&limit=${pageSize}`, WireList, 'server list')
        const before = servers.size
        // Pages shift while they are read: a server may come twice.
        for (const wire of answer.servers) servers.set(wire.id, toServer(wire))
        // By the count where there is one: a cloud may give fewer servers a page than it was asked for.
        const complete =
          typeof answer.count === 'number' ? servers.size >= answer.count : answer.servers.length < pageSize
        if (complete || servers.size === before) break
      }
      return { servers: [...servers.values()], missing: [] }
    },
    async getServer(id) {
      const { server } = await call('GET', encodeURIComponent(id), WireDetail, 'server')
      return toServer(server)
    },
    async remoteConsole(id) {
      const answer = await call(
        'POST',
        `${encodeURIComponent(id)}/remote_console`,
        WireConsole,
        'console answer',
        { remote_console: { protocol: 'serial', type: 'serial' } },
      )
      return answer.remote_console.url
    },
    async power(id, action) {
      const servers = [{ id }]
      const body = {
        'power-on': { 'os-start': { servers } },
        // The API knows no other: the operating system is not asked.
        'power-off': { 'os-stop': { type: 'HARD', servers } },
        reboot: { reboot: { type: 'SOFT', servers } },
        'hard-reboot': { reboot: { type: 'HARD', servers } },
      }[action]
      await call('POST', 'action', WireJob, 'power answer', body)
    },
    async close() {
      closing.abort()
    },
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
