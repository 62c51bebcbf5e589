import type { AttachedNic, AttachedVolume } from '../../shared/server-attachments.ts'
import type { ServerFacts } from '../../shared/server-facts.ts'

type KnownNic = ServerFacts['nics'][number]
type KnownDisk = ServerFacts['disks'][number]

export interface ShownNic {
  mac?: string | undefined
  port?: string | undefined
  /** Its name (Nova), or the VPC's id (Huawei Cloud) */
  network: string
  /** What the network's service says of it; null: nothing, or not yet */
  more: Pick<AttachedNic, 'network' | 'state' | 'driver' | 'pci' | 'tag'> | null
  addresses: (Partial<KnownNic['addresses'][number]> & { address: string; subnet?: string | undefined })[]
}

/**
 * The server's own answer knows floating addresses and networks' names, the network's service knows ports, subnets and
 * cards without an address. A card is the same one by its port or, where one side names none, by its MAC address.
 */
export function shownNics(known: readonly KnownNic[], attached: readonly AttachedNic[] | null): ShownNic[] {
  const left = [...(attached ?? [])]
  const nics = known.map((nic): ShownNic => {
    const at = left.findIndex((other) =>
      nic.port && other.port
        ? nic.port === other.port
        : nic.mac !== undefined && nic.mac.toLowerCase() === other.mac?.toLowerCase(),
    )
    const [other] = at < 0 ? [] : left.splice(at, 1)
    const subnets = new Map(other?.addresses.map(({ address, subnet }) => [address, subnet]))
    const addresses = nic.addresses.map((each) => ({ ...each, subnet: subnets.get(each.address) }))
    const more = other?.addresses.filter(
      ({ address }) => !nic.addresses.some((each) => each.address === address),
    )
    return {
      mac: nic.mac ?? other?.mac,
      port: nic.port ?? other?.port,
      network: nic.network,
      more: other ?? null,
      addresses: [...addresses, ...(more ?? [])],
    }
  })
  return [
    ...nics,
    ...left.map(({ mac, port, addresses, ...more }) => ({ mac, port, network: '', more, addresses })),
  ]
}

export type ShownDisk = KnownDisk & Pick<AttachedVolume, 'tag' | 'detail'>

/** What either answer has of each volume. The server's own comes first, with its order. */
export function shownDisks(
  known: readonly KnownDisk[],
  attached: readonly AttachedVolume[] | null,
): ShownDisk[] {
  const more = new Map(attached?.map((volume) => [volume.id, volume]))
  const both = known.map((disk) => ({ ...more.get(disk.id), ...disk }))
  return [...both, ...(attached ?? []).filter(({ id }) => !known.some((disk) => disk.id === id))]
}
