import type { z } from 'zod'
import type { Server } from '../../../shared/server.ts'
import type { Cloud } from '../cloud.ts'
import { CloudHttp, type CloudHttpOptions } from '../http.ts'
import { Authenticator, type HuaweiAuth } from './auth.ts'
import { toServer, WireConsole, WireDetail, WireJob, WireList } from './wire.ts'

export interface HuaweiOptions extends CloudHttpOptions {
  /** The BMS endpoint, e.g. `https://bms.eu-de.otc.t-systems.com`. */
  endpoint: string
  projectId: string
  auth: HuaweiAuth
  /** Servers asked for at once; the API allows 1000. */
  pageSize?: number
}

/** More pages than any project has: a cloud that ignores `offset` must not be asked for ever. */
const MAX_PAGES = 200

/**
 * Huawei Cloud and Open Telekom Cloud Bare Metal Server, API v1.
 * https://support.huaweicloud.com/intl/en-us/api-bms/
 */
export function createHuaweiCloud(options: HuaweiOptions): Cloud {
  const { endpoint, projectId, pageSize = 1000 } = options
  const http = new CloudHttp(options)
  const authenticator = new Authenticator(options.auth, projectId, http)

  function call<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    what: string,
    body?: unknown,
  ): Promise<T> {
    const request = {
      method,
      url: new URL(`/v1/${encodeURIComponent(projectId)}/baremetalservers/${path}`, endpoint),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    }
    return http.call(authenticator, request, schema, what)
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
      http.close()
    },
  }
}
