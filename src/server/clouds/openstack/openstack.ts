import pMap from 'p-map'
import { z } from 'zod'
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
import { blockStorageBase, computeEndpoint, computeEndpoints, type Interface } from '../keystone/catalog.ts'
import type { TokenSource } from '../keystone/tokens.ts'
import { isNoSuchApi, readConsoleRefusal } from './console-refusal.ts'
import { policies, powerPolicies, withPolicy } from './policy.ts'
import { type ComputeApi, discoverCompute, microversionHeader } from './versions.ts'
import {
  toFacts,
  toServer,
  WireConsole,
  WireDetail,
  type WireFlavor,
  WireFlavorDetail,
  WireList,
  WireRemoteConsole,
  WireServer,
} from './wire.ts'

export interface OpenStackOptions extends CloudHttpOptions {
  tokens: TokenSource
  interface: Interface
  /** null: the first region of the catalog */
  region: string | null
  /** Servers asked for at once. Nova's default limit is 1000. */
  pageSize?: number
}

/** More pages than any project has. A cloud whose pages never end must not be asked for ever. */
const MAX_PAGES = 200
const FLAVORS_AT_ONCE = 8
/** https://docs.openstack.org/nova/latest/reference/api-microversion-history.html (2.17) */
const CRASH_DUMP = 17
/** Since microversion 2.6, consoles have their own path. */
const REMOTE_CONSOLES = 6

/**
 * The servers of one project in Nova. The catalog of the project's token says where Nova is.
 * https://docs.openstack.org/api-ref/compute/
 */
export function createOpenStackCloud(options: OpenStackOptions): Cloud {
  const { tokens, pageSize = 1000 } = options
  const http = new CloudHttp(options)
  const nova = new Nova(http, options)
  const flavors = new Map<string, Promise<WireFlavor | null>>()

  /** Up to 2.46 a server has only its flavor's id. If the flavor cannot be read, the server is shown without its name. */
  function flavorOf({ flavor }: WireServer): Promise<WireFlavor | null> {
    const { id } = flavor
    if (id === undefined) return Promise.resolve(null)
    const known = flavors.get(id)
    if (known) return known
    const asked = nova.call('GET', `/flavors/${encodeURIComponent(id)}`, WireFlavorDetail, 'flavor').then(
      (answer) => answer.flavor,
      () => {
        flavors.delete(id)
        return null
      },
    )
    flavors.set(id, asked)
    return asked
  }

  async function readPage(path: string, budget: ByteBudget): Promise<Page> {
    const what = 'server list'
    const page = await nova.call('GET', path, WireList, what, { budget, policy: policies.list })
    return { ...page, servers: await parseEach(page.servers, WireServer, what) }
  }

  async function where(): Promise<Pick<Server, 'region' | 'project'>> {
    const [{ region }, { project }] = await Promise.all([nova.endpoint(), tokens.current()])
    return { region, project }
  }

  async function serversOf(wires: readonly WireServer[]): Promise<Server[]> {
    const place = await where()
    return pMap(wires, async (wire) => toServer(wire, await flavorOf(wire), place), {
      concurrency: FLAVORS_AT_ONCE,
    })
  }

  /** @returns null: Cinder shows this asker no such volume. @throws CloudError */
  const volumeOf = (base: string, id: string) =>
    detailAsked(
      (failure) => withPolicy(failure, policies.volume),
      (refusal) => {
        const url = new URL(`${base}/volumes/${encodeURIComponent(id)}`)
        const request: OutgoingRequest = { method: 'GET', url, headers: json, body: '', refusal }
        return http.call(tokens, request, WireVolume, 'volume')
      },
    )

  return {
    async listServers({ onPage } = {}) {
      const found = new Map<string, Server>()
      const missing: ServerList['missing'] = []
      const budget = listBudget()
      let marker: string | null = null
      for (let page = 1; page <= MAX_PAGES; page++) {
        const query = new URLSearchParams({ limit: String(pageSize), ...(marker ? { marker } : {}) })
        const path = `/servers/detail?${query}`
        const answer: Page | null = await readPage(path, budget).catch(async (error: unknown) => {
          missing.push(cutAt(page, error, await where()))
          return null
        })
        if (answer === null) break
        const before = found.size
        const came = await serversOf(answer.servers)
        for (const server of came) found.set(server.id, server)
        // Nova does not tell how many there are.
        onPage?.({ servers: came, total: null })
        marker = nextMarker(answer)
        if (marker === null || found.size === before) break
      }
      return { servers: [...found.values()], missing }
    },
    async getServer(id) {
      const path = `/servers/${encodeURIComponent(id)}`
      const { server } = await nova.call('GET', path, WireDetail, 'server', { policy: policies.show })
      const [flavor, place, call] = await Promise.all([flavorOf(server), where(), nova.consoleCall()])
      return { ...toServer(server, flavor, place), facts: toFacts(server, flavor), call }
    },
    async attachments(id) {
      const path = `/servers/${encodeURIComponent(id)}`
      const nics = nova.call('GET', `${path}/os-interface`, WireNics, 'list of interfaces', {
        policy: policies.nics,
      })
      const volumes = nova.call('GET', `${path}/os-volume_attachments`, WireVolumes, 'list of volumes', {
        policy: policies.volumes,
      })
      const told = await attachmentsOf(nics.then(nicsOf), volumes.then(volumesOf))
      if (!told.volumes.known || told.volumes.items.length === 0) return told
      const base = await nova.blockStorage()
      return base === null ? told : detailed(told, (volume) => volumeOf(base, volume))
    },
    async remoteConsole(id) {
      const server = `/servers/${encodeURIComponent(id)}`
      const { minor } = await nova.api()
      if (minor !== null && minor >= REMOTE_CONSOLES) {
        let absent = false
        const refusal: NonNullable<OutgoingRequest['refusal']> = (failure, { status }) => {
          absent = isNoSuchApi(failure, status)
          return readConsoleRefusal(failure, status)
        }
        const body = { remote_console: { protocol: 'serial', type: 'serial' } }
        const path = `${server}/remote-consoles`
        const url = await nova
          .call('POST', path, WireRemoteConsole, 'console answer', {
            body,
            refusal,
            policy: policies.console,
          })
          .then(
            (answer) => answer.remote_console.url,
            (error: unknown) => {
              if (!absent) throw error
              return null
            },
          )
        if (url !== null) return url
      }
      const answer = await nova.call('POST', `${server}/action`, WireConsole, 'console answer', {
        // Nova has this action up to 2.5. Without a microversion the request counts as 2.1.
        minor: null,
        body: { 'os-getSerialConsole': { type: 'serial' } },
        refusal: (failure, { status }) => readConsoleRefusal(failure, status),
        policy: policies.console,
      })
      return answer.console.url
    },
    async power(id, action) {
      if (action === 'nmi') await mustTakeNmi(nova)
      const body = {
        'power-on': { 'os-start': null },
        'power-off': { 'os-stop': null },
        reboot: { reboot: { type: 'SOFT' } },
        'hard-reboot': { reboot: { type: 'HARD' } },
        // Ironic makes an NMI of it (nova/virt/ironic/driver.py, `trigger_crash_dump`).
        nmi: { trigger_crash_dump: null },
      }[action]
      // 202 without a body
      await nova.call('POST', `/servers/${encodeURIComponent(id)}/action`, z.unknown(), 'power answer', {
        body,
        policy: powerPolicies[action],
        refusal: powerRefusal,
      })
      return null
    },
    async powerJob() {
      throw new CloudError({ cause: 'bad-request', detail: 'Nova has no jobs: the server itself tells.' })
    },
    async close() {
      http.close()
    },
  }
}

/** @throws CloudError where Nova is too old for it: it would call the action unknown */
async function mustTakeNmi(nova: Nova): Promise<void> {
  const { minor } = await nova.api()
  if (minor !== null && minor >= CRASH_DUMP) return
  const has = minor === null ? 'this cloud has no microversions' : `this cloud has 2.${minor}`
  throw new CloudError({
    cause: 'bad-request',
    detail: `An NMI needs Nova's microversion 2.${CRASH_DUMP}, and ${has}.`,
  })
}

type Page = Omit<z.infer<typeof WireList>, 'servers'> & { servers: WireServer[] }

/** Takes only the marker from the link to the next page. The link may name any host, and the token would go there. */
function nextMarker({ servers, servers_links }: Page): string | null {
  const next = servers_links.find(({ rel }) => rel === 'next')
  if (!next) return null
  const query = next.href.slice(next.href.indexOf('?') + 1)
  return new URLSearchParams(query).get('marker') || (servers.at(-1)?.id ?? null)
}

/** Finds Nova once, and calls it. */
class Nova {
  #api: Promise<ComputeApi> | null = null

  constructor(
    readonly http: CloudHttp,
    readonly options: Pick<OpenStackOptions, 'tokens' | 'interface' | 'region'>,
  ) {}

  async endpoint() {
    const { tokens, region, interface: kind } = this.options
    const { catalog, project } = await tokens.current()
    const endpoint = computeEndpoint(catalog, kind, region)
    if (endpoint) return endpoint
    if (project === null)
      throw new CloudError({ cause: 'no-project', detail: 'The token belongs to no project.' })
    const place = region === null ? '' : ` in the region ${region}`
    const regions = [...new Set(computeEndpoints(catalog, kind).flatMap((other) => other.region ?? []))]
    const others = regions.length === 0 ? '' : `, but in ${regions.join(', ')}`
    throw new CloudError({
      cause: 'no-endpoint',
      detail: `The catalog of this project has no ${kind} compute endpoint${place}${others}.`,
    })
  }

  /**
   * How a person asks for a console. People reach the catalog's public address, where there is one, and we may use
   * another.
   */
  async consoleCall(): Promise<ConsoleCall> {
    const [{ base, minor }, endpoint, { catalog }] = await Promise.all([
      this.api(),
      this.endpoint(),
      this.options.tokens.current(),
    ])
    const open =
      this.options.interface === 'public' ? null : computeEndpoint(catalog, 'public', endpoint.region)
    return { api: 'nova', base: open?.url.replace(/\/+$/, '') ?? base, minor, region: endpoint.region }
  }

  /** Where Cinder is in Nova's region; null: nowhere */
  async blockStorage(): Promise<string | null> {
    const { tokens, interface: kind } = this.options
    const [{ region }, { catalog, project }] = await Promise.all([this.endpoint(), tokens.current()])
    return project && blockStorageBase(catalog, kind, region, project.id)
  }

  api(): Promise<ComputeApi> {
    this.#api ??= this.#discover().catch((error: unknown) => {
      this.#api = null
      throw error
    })
    return this.#api
  }

  async call<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    what: string,
    more: {
      body?: unknown
      /** null: without a microversion */
      minor?: null
      refusal?: NonNullable<OutgoingRequest['refusal']>
      /** What Nova checks for this call */
      policy?: string
      budget?: ByteBudget
    } = {},
  ): Promise<T> {
    const api = await this.api()
    const minor = more.minor === undefined ? api.minor : more.minor
    const { policy, refusal = (failure) => failure } = more
    const request: OutgoingRequest = {
      method,
      url: new URL(`${api.base}${path}`),
      headers: { ...json, ...microversionHeader(minor) },
      body: more.body === undefined ? '' : JSON.stringify(more.body),
      refusal: (failure, answer) => {
        const read = refusal(failure, answer)
        return policy === undefined ? read : withPolicy(read, policy)
      },
      ...(more.budget ? { budget: more.budget } : {}),
    }
    return this.http.call(this.options.tokens, request, schema, what)
  }

  async #discover(): Promise<ComputeApi> {
    const { project } = await this.options.tokens.current()
    const { url } = await this.endpoint()
    return discoverCompute(url, project?.id ?? '', (from) => {
      const request = { method: 'GET' as const, url: from, headers: json, body: '' }
      return this.http.call(this.options.tokens, request, z.unknown(), 'list of versions')
    })
  }
}

const json = { accept: 'application/json', 'content-type': 'application/json' }
