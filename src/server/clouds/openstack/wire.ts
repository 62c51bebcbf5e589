import { z } from 'zod'
import type { Server } from '../../../shared/server.ts'
import { factsOf, WireFacts } from '../facts.ts'
import { WireServer as BaseServer, toServer as toBaseServer } from '../huawei/wire.ts'

/** A flavor. Inside a server its name is `original_name` (since 2.47), on its own `name`. */
const WireFlavor = z.object({
  /** Inside a server since 2.47, on its own since 2.61 */
  extra_specs: z.record(z.string(), z.unknown()).optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  vcpus: z.coerce.number().optional().catch(undefined),
  ram: z.coerce.number().optional().catch(undefined),
  disk: z.coerce.number().optional().catch(undefined),
})
export type WireFlavor = z.infer<typeof WireFlavor>
export const WireFlavorDetail = z.object({ flavor: WireFlavor })

/** Nova's server. Huawei Cloud's is the same with more metadata. */
export const WireServer = BaseServer.extend({
  flavor: WireFlavor.extend({
    id: z.string().optional().catch(undefined),
    original_name: z.string().optional().catch(undefined),
  }).catch({}),
  /** An empty string if the server boots from a volume */
  image: z
    .object({
      id: z.string().optional().catch(undefined),
      properties: z.record(z.string(), z.unknown()).catch({}),
    })
    .catch({ properties: {} }),
})
export type WireServer = z.infer<typeof WireServer>

/** `WireServer` reads its servers. */
export const WireList = z.object({
  servers: z.array(z.unknown()),
  servers_links: z.array(z.object({ rel: z.string(), href: z.string() })).catch([]),
})
export const WireDetail = z.object({ server: WireServer.extend(WireFacts.shape) })
export const WireRemoteConsole = z.object({ remote_console: z.object({ url: z.string().min(1) }) })
export const WireConsole = z.object({ console: z.object({ url: z.string().min(1) }) })

export function toServer(
  wire: WireServer,
  flavor: WireFlavor | null,
  place: Pick<Server, 'region' | 'project'>,
): Server {
  const { id, original_name, ...embedded } = wire.flavor
  const known = flavor ?? embedded
  const base = toBaseServer({ ...wire, flavor: { id: '' } }, place)
  return {
    ...base,
    // Nova has six task states for a reboot.
    task: wire['OS-EXT-STS:task_state']?.startsWith('reboot') ? 'rebooting' : base.task,
    os: { ...base.os, windowsConsole: true, family: imageFamily(wire.image.properties) ?? base.os.family },
    flavor: {
      name: original_name ?? known.name ?? id ?? '',
      vcpus: known.vcpus ?? null,
      memoryMiB: known.ram ?? null,
      diskGiB: known.disk ?? null,
    },
  }
}

/** What only the answer about one server says */
export function toFacts({ image, ...wire }: z.infer<typeof WireDetail>['server'], flavor: WireFlavor | null) {
  const { id, extra_specs } = wire.flavor
  return factsOf(wire, {
    ...wire,
    image: image.id ?? null,
    flavor: id ?? null,
    extraSpecs: extra_specs ?? flavor?.extra_specs ?? {},
  })
}

/** https://docs.openstack.org/glance/latest/admin/useful-image-properties.html */
function imageFamily({ os_type, os_distro }: Record<string, unknown>): Server['os']['family'] | null {
  if (os_type === 'linux' || os_type === 'windows') return os_type
  return os_distro === 'windows' ? 'windows' : null
}
