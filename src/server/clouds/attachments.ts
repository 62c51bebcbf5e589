import { z } from 'zod'
import type {
  AttachedNic,
  AttachedVolume,
  ServerAttachments,
  VolumeDetail,
} from '../../shared/server-attachments.ts'
import { CloudError } from './cloud.ts'
import type { OutgoingRequest } from './http.ts'
import { anything, cut, line, list, some, truth, word } from './told.ts'

/**
 * The network cards of one server, in the same words in both APIs. `driver_mode` and `pci_address` are Huawei Cloud's,
 * `tag` is Nova's (2.70).
 * https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0621.html
 * https://docs.openstack.org/api-ref/compute/#list-port-interfaces
 */
export const WireNics = z.object({
  interfaceAttachments: list(
    z.object({
      port_state: word,
      fixed_ips: list(z.object({ ip_address: z.string(), subnet_id: word })),
      net_id: word,
      port_id: word,
      mac_addr: word,
      driver_mode: word,
      pci_address: word,
      tag: word,
    }),
  ),
})

/**
 * The volumes of one server. Nova's `delete_on_termination` came with 2.79, and its `id`, which is the volume's, went with
 * 2.89.
 * https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0629.html
 * https://docs.openstack.org/api-ref/compute/#list-volume-attachments-for-an-instance
 */
export const WireVolumes = z.object({
  volumeAttachments: list(
    z.object({ volumeId: z.string(), device: word, tag: word, delete_on_termination: anything }),
  ),
})

/**
 * A volume's detail, of Cinder or of Huawei's EVS, which says in the metadata that a volume is encrypted.
 * https://docs.openstack.org/api-ref/block-storage/v3/#show-a-volume-s-details
 * https://support.huaweicloud.com/intl/en-us/api-evs/evs_04_2007.html
 */
export const WireVolume = z.object({
  volume: z.object({
    name: word,
    description: word,
    size: z.coerce.number().nullish().catch(null),
    volume_type: word,
    status: word,
    availability_zone: word,
    bootable: anything,
    encrypted: anything,
    multiattach: anything,
    metadata: z.object({ __system__encrypted: anything }).nullish().catch(null),
  }),
})

/** Only what the cloud says */
const texts = <K extends string>(told: Readonly<Record<K, string | null | undefined>>) => {
  const known: Partial<Record<K, string>> = {}
  for (const key in told) {
    const value = told[key]
    if (value) known[key] = line(value)
  }
  return known
}
const truths = <K extends string>(told: Readonly<Record<K, z.infer<typeof anything>>>) => {
  const known: Partial<Record<K, boolean>> = {}
  for (const key in told) {
    const value = truth(told[key])
    if (value !== undefined) known[key] = value
  }
  return known
}

export const nicsOf = ({ interfaceAttachments }: z.infer<typeof WireNics>): AttachedNic[] =>
  some(interfaceAttachments).map((nic) => ({
    ...texts({
      port: nic.port_id,
      mac: nic.mac_addr,
      network: nic.net_id,
      state: nic.port_state,
      driver: nic.driver_mode,
      pci: nic.pci_address,
      tag: nic.tag,
    }),
    addresses: some(nic.fixed_ips).map(({ ip_address, subnet_id }) => ({
      address: line(ip_address),
      ...texts({ subnet: subnet_id }),
    })),
  }))

export const volumesOf = ({ volumeAttachments }: z.infer<typeof WireVolumes>): AttachedVolume[] =>
  some(volumeAttachments).map((volume) => ({
    id: line(volume.volumeId),
    ...texts({ device: volume.device, tag: volume.tag }),
    ...truths({ deletedWithServer: volume.delete_on_termination }),
  }))

const detailOf = ({ volume }: z.infer<typeof WireVolume>): VolumeDetail => ({
  ...texts({
    name: volume.name,
    description: volume.description ? cut(volume.description, 300) : null,
    type: volume.volume_type,
    status: volume.status,
    zone: volume.availability_zone,
  }),
  ...(volume.size ? { sizeGiB: volume.size } : {}),
  ...truths({
    bootable: volume.bootable,
    encrypted: volume.metadata?.__system__encrypted === '1' || volume.encrypted,
    shared: volume.multiattach,
  }),
})

type Nics = ServerAttachments['nics']
type Volumes = ServerAttachments['volumes']

/**
 * Waits for both parts. One may fail without the other.
 * @throws CloudError where both fail, or where the server is gone
 */
export async function attachmentsOf(
  nics: Promise<AttachedNic[]>,
  volumes: Promise<AttachedVolume[]>,
): Promise<{ nics: Nics; volumes: Volumes }> {
  const [cards, disks] = await Promise.all([part(nics), part(volumes)])
  if (!cards.known && !disks.known) throw new CloudError(cards.failure)
  return { nics: cards, volumes: disks }
}

type Part<T> = { known: true; items: T[] } | { known: false; failure: CloudError['failure'] }

const part = <T>(asked: Promise<T[]>): Promise<Part<T>> =>
  asked.then(
    (items) => ({ known: true, items }),
    (error: unknown) => {
      if (!(error instanceof CloudError) || error.failure.cause === 'server-not-found') throw error
      return { known: false, failure: error.failure }
    },
  )

/** Huawei Cloud attaches 60 volumes to a server at most. */
const MOST_DETAILED = 60
const DETAILS_AT_ONCE = 4

/**
 * Adds each volume's detail, a few at a time. The first refusal ends it: the others would be refused as well, and cost
 * calls.
 * @param ask null: the volume is not there for the asker
 */
export async function detailed(
  told: ServerAttachments,
  ask: (id: string) => Promise<VolumeDetail | null>,
): Promise<ServerAttachments> {
  if (!told.volumes.known) return told
  const waiting = told.volumes.items.slice(0, MOST_DETAILED)
  const details = new Map<string, VolumeDetail>()
  const refused: CloudError[] = []
  const work = async () => {
    for (let next = waiting.shift(); next && refused.length === 0; next = waiting.shift()) {
      const { id } = next
      try {
        const detail = await ask(id)
        if (detail) details.set(id, detail)
      } catch (error) {
        if (!(error instanceof CloudError)) throw error
        refused.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: DETAILS_AT_ONCE }, work))
  const items = told.volumes.items.map((volume) => {
    const detail = details.get(volume.id)
    return detail ? { ...volume, detail } : volume
  })
  const [first] = refused
  return { ...told, volumes: { known: true, items }, ...(first ? { undetailed: first.failure } : {}) }
}

/**
 * Asks for one volume's detail.
 * @param named adds to a refusal which permission was missing
 * @returns null: the service shows this asker no such volume
 * @throws CloudError
 */
export function detailAsked(
  named: NonNullable<OutgoingRequest['refusal']>,
  call: (refusal: NonNullable<OutgoingRequest['refusal']>) => Promise<z.infer<typeof WireVolume>>,
): Promise<VolumeDetail | null> {
  let absent = false
  const refusal: NonNullable<OutgoingRequest['refusal']> = (failure, answer) => {
    absent = answer.status === 404
    return named(failure, answer)
  }
  return call(refusal).then(detailOf, (error: unknown) => {
    if (absent) return null
    throw error
  })
}
