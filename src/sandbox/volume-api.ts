import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { NovaFault, sendFault } from './nova-fault.ts'
import type { SandboxServer, SandboxServers } from './sandbox-server.ts'
import { roleOf, type TokenStore } from './tokens.ts'
import { volumesOf } from './wire-parts.ts'

export interface VolumeOptions {
  region: string
  servers: SandboxServers
  tokens: TokenStore
  /** Answers a request with a bad token. */
  refuse: (reply: FastifyReply) => FastifyReply
}

/**
 * Cinder's API, as far as it tells of a volume, below `/v3/{project_id}`. Its faults have Nova's form.
 * https://docs.openstack.org/api-ref/block-storage/v3/
 */
export function volumeApi({ region, servers, tokens, refuse }: VolumeOptions) {
  return async (api: FastifyInstance) => {
    api.setErrorHandler((error, _request, reply) => sendFault(error, reply))
    api.get('/volumes/:id', async (request, reply) => {
      const token = tokens.find(request.headers['x-auth-token'])
      if (!token) return refuse(reply)
      const { project_id: named, id } = z
        .object({ project_id: z.string(), id: z.string() })
        .parse(request.params)
      const project = token.scope.kind === 'project' ? token.scope.project : null
      if (project?.id !== named) throw new NovaFault(400, 'Malformed request url')
      const here = project.region === region && roleOf(token) !== null ? servers.of(project.id) : []
      const found = findVolume(here, id)
      if (!found) throw new NovaFault(404, `Volume ${id} could not be found.`)
      if (found.server.fixture.hidden?.includes('volume-details'))
        throw new NovaFault(403, "Policy doesn't allow volume:get to be performed.")
      return { volume: wireVolume(found.server, found.volume) }
    })
  }
}

type SandboxVolume = ReturnType<typeof volumesOf>[number]

export function findVolume(servers: readonly SandboxServer[], id: string) {
  for (const server of servers) {
    const volume = volumesOf(server).find((each) => each.id === id)
    if (volume) return { server, volume }
  }
  return null
}

export function wireVolume(server: SandboxServer, { id, device, bootIndex }: SandboxVolume) {
  const { fixture, created } = server
  const system = bootIndex === '0'
  return {
    id,
    name: `${fixture.name}-${system ? 'system' : `data-${device.slice(-1)}`}`,
    description: null,
    size: system ? 80 : 2000,
    status: 'in-use',
    volume_type: system ? 'ssd' : 'ssd-encrypted',
    bootable: String(system),
    encrypted: !system,
    multiattach: false,
    availability_zone: fixture.zone,
    attachments: [{ server_id: fixture.id, volume_id: id, device, host_name: null }],
    created_at: created.replace(/(\.\d+)?Z$/, '.000000'),
    updated_at: null,
    snapshot_id: null,
    source_volid: null,
    consistencygroup_id: null,
    replication_status: null,
    metadata: {},
    links: [],
    user_id: 'sandbox',
  }
}
