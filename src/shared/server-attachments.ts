import * as z from 'zod/mini'
import { Failure } from './cause.ts'

/** Where the cloud says nothing of it, a field is absent. */
export const AttachedNic = z.object({
  port: z.optional(z.string()),
  mac: z.optional(z.string()),
  /** The network's id */
  network: z.optional(z.string()),
  /** In the cloud's word, such as `ACTIVE` or `DOWN` */
  state: z.optional(z.string()),
  addresses: z.array(z.object({ address: z.string(), subnet: z.optional(z.string()) })),
  /** `virtio` or `hinic` (Huawei Cloud) */
  driver: z.optional(z.string()),
  /** Where the operating system finds it (Huawei Cloud) */
  pci: z.optional(z.string()),
  /** By which the operating system finds it (Nova) */
  tag: z.optional(z.string()),
})
export type AttachedNic = z.infer<typeof AttachedNic>

/** What the service of volumes says of one */
export const VolumeDetail = z.object({
  name: z.optional(z.string()),
  description: z.optional(z.string()),
  sizeGiB: z.optional(z.number()),
  type: z.optional(z.string()),
  /** In the cloud's word, such as `in-use` */
  status: z.optional(z.string()),
  zone: z.optional(z.string()),
  bootable: z.optional(z.boolean()),
  encrypted: z.optional(z.boolean()),
  /** Several servers may have it at once. */
  shared: z.optional(z.boolean()),
})
export type VolumeDetail = z.infer<typeof VolumeDetail>

export const AttachedVolume = z.object({
  id: z.string(),
  device: z.optional(z.string()),
  tag: z.optional(z.string()),
  deletedWithServer: z.optional(z.boolean()),
  detail: z.optional(VolumeDetail),
})
export type AttachedVolume = z.infer<typeof AttachedVolume>

/** What was asked for, or why the cloud did not tell it. One part may fail and the other be there. */
const told = <T extends z.ZodMiniType>(items: T) =>
  z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), items }),
    z.object({ known: z.literal(false), failure: Failure }),
  ])

/** The network cards and volumes of one server, which clouds tell only when they are asked for them alone. */
export const ServerAttachments = z.object({
  nics: told(z.array(AttachedNic)),
  volumes: told(z.array(AttachedVolume)),
  /** Why volumes lack their detail. Absent: they have it, or this cloud has no service that tells it. */
  undetailed: z.optional(Failure),
})
export type ServerAttachments = z.infer<typeof ServerAttachments>
