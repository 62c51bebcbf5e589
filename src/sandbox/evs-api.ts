import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { bmsError, type HuaweiCallers, huaweiCallers } from './huawei-callers.ts'
import type { SandboxServers } from './sandbox-server.ts'
import { findVolume, wireVolume } from './volume-api.ts'

/**
 * Huawei Cloud's EVS, as far as it tells of a volume, below `/v2/{project_id}`.
 * https://support.huaweicloud.com/intl/en-us/api-evs/evs_04_2007.html
 */
export function evsApi(options: HuaweiCallers & { servers: SandboxServers }) {
  return async (api: FastifyInstance) => {
    const caller = huaweiCallers(api, options)
    api.get('/cloudvolumes/:id', async (request, reply) => {
      const { id } = z.object({ id: z.string() }).parse(request.params)
      const found = findVolume(options.servers.of(caller(request).project.id), id)
      if (!found)
        return reply
          .code(404)
          .send({ itemNotFound: { code: 404, message: `Volume ${id} could not be found.` } })
      if (found.server.fixture.hidden?.includes('volume-details'))
        return bmsError(reply, 403, 'EVS.2059', "Policy doesn't allow evs:volumes:get to be performed.")
      // It says in the metadata alone that a volume is encrypted.
      const { encrypted, ...volume } = wireVolume(found.server, found.volume)
      return { volume: { ...volume, metadata: encrypted ? { __system__encrypted: '1' } : {} } }
    })
  }
}
