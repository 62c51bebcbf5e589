import type { z } from 'zod'
import type { ServerList } from '../../../shared/api.ts'
import type { Server } from '../../../shared/server.ts'
import type { ConsoleCall } from '../../../shared/server-facts.ts'
import {
  attachmentsOf,
  detailAsked,
  detailed,
  nicsOf,
  volumesOf,
  WireNics,
  WireVolume,
  WireVolumes,
} from '../attachments.ts'
import { type Cloud, CloudError } from '../cloud.ts'
import { cutAt } from '../cut-list.ts'
import { powerRefusal } from '../errors.ts'
import {
  type ByteBudget,
  CloudHttp,
  type CloudHttpOptions,
  listBudget,
  type OutgoingRequest,
  parseEach,
} from '../http.ts'
import { createAuthoriser, type HuaweiAuth } from './auth.ts'
import { progressOf, WireJob, WireJobStatus } from './jobs.ts'
import { type HuaweiProject, type NamedProject, projectOnce } from './projects.ts'
import { toFacts, toServer, WireConsole, WireDetail, WireList, WireNovaConsole, WireServer } from './wire.ts'

export interface HuaweiOptions extends CloudHttpOptions {
  /** The BMS endpoint, e.g. `https://bms.cn-north-4.myhuaweicloud.com`. */
  endpoint: string
  /** Nova's API, if consoles come from it, as in Open Telekom Cloud. Otherwise BMS gives them. */
  novaEndpoint?: string | null
  /** EVS, where volumes have their size and type. Absent: they are told without. */
  evsEndpoint?: string | null
  projectId: string | HuaweiProject | NamedProject
  /** Shown with each server. */
  region?: string | null
  auth: HuaweiAuth
  /** Named to people who want to make a call themselves; absent: as `auth` has it. */
  iamEndpoint?: string | null
  /** Lists only the servers of this enterprise project. `all_granted_eps` means all that the user may see. */
  enterpriseProject?: string | null
  /** Servers asked for at once; the API allows 1000. */
  pageSize?: number
}

/**
 * What IAM checks. Roles give NICs and volumes of a server as `bms:servers:get`, which whoever sees the server has.
 * https://support.huaweicloud.com/intl/en-us/api-bms/ ("Permissions and supported actions")
 */
const permissions = {
  console: 'bms:servers:serialConsole',
  nics: 'bms:servers:showBaremetalServerInterfaceAttachments',
  volumes: 'bms:servers:showBaremetalServerVolumeInfo',
  volume: 'evs:volumes:get',
} as const
const withPermission =
  (permission: string): NonNullable<OutgoingRequest['refusal']> =>
  (failure) =>
    failure.cause === 'no-permission' ? { ...failure, permission } : failure

/** More pages than any project has. A cloud that ignores `offset` must not be asked for ever. */
const MAX_PAGES = 200

/**
 * The servers of one project of Huawei Cloud or Open Telekom Cloud: Bare Metal Server, API v1.
 * https://support.huaweicloud.com/intl/en-us/api-bms/
 * https://docs.otc.t-systems.com/bare-metal-server/api-ref/
 */
export function createHuaweiCloud(options: HuaweiOptions): Cloud {
  const { endpoint, novaEndpoint, evsEndpoint, enterpriseProject, region = null, pageSize = 1000 } = options
  const http = new CloudHttp(options)
  const { projectId } = options
  const scope =
    typeof projectId === 'string'
      ? { id: projectId }
      : 'id' in projectId
        ? { id: projectId.id }
        : { name: projectId.name }
  const authoriser = createAuthoriser(options.auth, scope, http)
  const project = projectOnce(projectId, authoriser, http)

  async function call<T>(
    method: OutgoingRequest['method'],
    /** @param id the project's, encoded for a path */
    path: (id: string) => string,
    schema: z.ZodType<T>,
    what: string,
    body?: unknown,
    {
      base = endpoint,
      ...more
    }: { base?: string; budget?: ByteBudget; refusal?: NonNullable<OutgoingRequest['refusal']> } = {},
  ): Promise<T> {
    const { id } = await project()
    const request = {
      method,
      url: new URL(path(encodeURIComponent(id)), base),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        // A token belongs to one project, a key to all.
        ...(options.auth.kind === 'aksk' ? { 'x-project-id': id } : {}),
      },
      body: body === undefined ? '' : JSON.stringify(body),
      ...more,
    }
    return http.call(authoriser, request, schema, what)
  }
  async function readPage(path: (id: string) => string, budget: ByteBudget) {
    const what = 'server list'
    const page = await call('GET', path, WireList, what, undefined, { budget })
    return { ...page, servers: await parseEach(page.servers, WireServer, what) }
  }
  const callIn = (projectId: string): ConsoleCall => {
    const iam = options.auth.kind === 'password' ? options.auth.iamEndpoint : (options.iamEndpoint ?? null)
    const facts = { projectId, iam, region }
    return novaEndpoint
      ? { api: 'nova-action', endpoint: novaEndpoint, ...facts }
      : { api: 'bms', endpoint, ...facts }
  }
  const place = async () => ({ region, project: await project() })
  /** https://support.huaweicloud.com/intl/en-us/api-evs/evs_04_2007.html */
  const volumeOf = (base: string, volume: string) =>
    detailAsked(withPermission(permissions.volume), (refusal) =>
      call(
        'GET',
        (id) => `/v2/${id}/cloudvolumes/${encodeURIComponent(volume)}`,
        WireVolume,
        'volume',
        undefined,
        {
          base,
          refusal,
        },
      ),
    )
  const bms = (path: string) => (id: string) => `/v1/${id}/baremetalservers/${path}`

  return {
    async listServers({ onPage } = {}) {
      const servers = new Map<string, Server>()
      const here = await place()
      const missing: ServerList['missing'] = []
      const budget = listBudget()
      for (let page = 1; page <= MAX_PAGES; page++) {
        // `offset` is a page number, from 1.
        const query = new URLSearchParams({ offset: String(page), limit: String(pageSize) })
        if (enterpriseProject) query.set('enterprise_project_id', enterpriseProject)
        const path = bms(`detail?${query}`)
        const answer = await readPage(path, budget).catch((error: unknown) => {
          missing.push(cutAt(page, error, here))
          return null
        })
        if (answer === null) break
        const before = servers.size
        // Pages shift while they are read: a server may come twice.
        const came = answer.servers.map((wire) => toServer(wire, here))
        for (const server of came) servers.set(server.id, server)
        const total = answer.count ?? null
        onPage?.({ servers: came, total })
        // The count decides if there is one: a cloud may put fewer servers on a page than it was asked for.
        const complete = total === null ? answer.servers.length < pageSize : servers.size >= total
        if (complete || servers.size === before) break
      }
      return { servers: [...servers.values()], missing }
    },
    async getServer(id) {
      const { server } = await call('GET', bms(encodeURIComponent(id)), WireDetail, 'server')
      const where = await place()
      return { ...toServer(server, where), facts: toFacts(server), call: callIn(where.project.id) }
    },
    async attachments(id) {
      const server = encodeURIComponent(id)
      const ask = <T>(path: string, schema: z.ZodType<T>, what: 'nics' | 'volumes') =>
        call('GET', bms(`${server}/${path}`), schema, `answer about ${what}`, undefined, {
          // Open Telekom Cloud has one permission for all that is read of a server.
          refusal: withPermission(novaEndpoint ? 'bms:servers:get' : permissions[what]),
        })
      const told = await attachmentsOf(
        ask('os-interface', WireNics, 'nics').then(nicsOf),
        ask('os-volume_attachments', WireVolumes, 'volumes').then(volumesOf),
      )
      return evsEndpoint ? detailed(told, (volume) => volumeOf(evsEndpoint, volume)) : told
    },
    async remoteConsole(id) {
      const server = encodeURIComponent(id)
      if (novaEndpoint) {
        const { console } = await call(
          'POST',
          (project) => `/v2.1/${project}/servers/${server}/action`,
          WireNovaConsole,
          'console answer',
          { 'os-getSerialConsole': { type: 'serial' } },
          { base: novaEndpoint },
        )
        return console.url
      }
      const answer = await call(
        'POST',
        bms(`${server}/remote_console`),
        WireConsole,
        'console answer',
        { remote_console: { protocol: 'serial', type: 'serial' } },
        { refusal: withPermission(permissions.console) },
      )
      return answer.remote_console.url
    },
    async power(id, action) {
      if (action === 'nmi') throw new CloudError({ cause: 'bad-request', detail: 'This cloud sends no NMI.' })
      // The API takes up to 1,000 servers at once, and refuses them together without saying which of them it means. So
      // each is asked for alone, and hears a reason of its own.
      const servers = [{ id }]
      const body = {
        'power-on': { 'os-start': { servers } },
        // The API has no other type: the operating system is not asked.
        'power-off': { 'os-stop': { type: 'HARD', servers } },
        // Both clouds' references say that SOFT is a forced restart as well.
        reboot: { reboot: { type: 'SOFT', servers } },
        'hard-reboot': { reboot: { type: 'HARD', servers } },
      }[action]
      const answer = await call('POST', bms('action'), WireJob, 'power answer', body, {
        refusal: powerRefusal,
      })
      return answer.job_id
    },
    async powerJob(id, job) {
      const path = (project: string) => `/v1/${project}/jobs/${encodeURIComponent(job)}`
      const answer = await call('GET', path, WireJobStatus, 'job', undefined, {
        // The job is gone, and not the server.
        refusal: (failure) =>
          failure.cause === 'server-not-found' ? { ...failure, cause: 'bad-request' } : failure,
      })
      const progress = progressOf(answer, id)
      if (progress) return progress
      throw new CloudError({ cause: 'bad-request', detail: 'This job is about another server.' })
    },
    async close() {
      http.close()
    },
  }
}
