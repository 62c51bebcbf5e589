import * as z from 'zod/mini'
import { Server } from './server.ts'

/** What a cloud may say of a server in one word or line, in the order in which a page shows it. */
export const plainFacts = [
  'description',
  'hostname',
  'updated',
  'launched',
  'terminated',
  'vmState',
  'taskState',
  'lockedReason',
  'imageId',
  'flavorId',
  'keyPair',
  'rootDevice',
  'diskConfig',
  'configDrive',
  'hostStatus',
  'host',
  'hostId',
  'hypervisor',
  'instance',
  'pinnedZone',
  'accessIPv4',
  'accessIPv6',
  'kernelImage',
  'ramdiskImage',
  'reservation',
  'launchIndex',
  'user',
] as const
export const PlainFact = z.enum(plainFacts)
export type PlainFact = z.infer<typeof PlainFact>

/** A key and its value. null: the value is kept back, since its key says that it is a secret. */
const Pair = z.object({ key: z.string(), value: z.nullable(z.string()) })

/** Where the cloud says nothing of it, a field is absent or empty: nobody is shown an empty word for a fact. */
export const ServerFacts = z.object({
  plain: z.partialRecord(PlainFact, z.string()),
  securityGroups: z.array(z.object({ name: z.string(), id: z.optional(z.string()) })),
  serverGroups: z.array(z.string()),
  certificates: z.array(z.string()),
  disks: z.array(
    z.object({
      id: z.string(),
      device: z.optional(z.string()),
      /** The system starts from it. */
      boot: z.optional(z.boolean()),
      /** It is deleted together with the server. */
      deletedWithServer: z.optional(z.boolean()),
    }),
  ),
  /** By port or, where the cloud does not name ports, by MAC address */
  nics: z.array(
    z.object({
      /** The network's name (Nova), or the VPC's id (Huawei Cloud) */
      network: z.string(),
      mac: z.optional(z.string()),
      port: z.optional(z.string()),
      addresses: z.array(
        z.object({
          address: z.string(),
          version: z.union([z.literal(4), z.literal(6)]),
          kind: z.enum(['fixed', 'floating']),
        }),
      ),
    }),
  ),
  /** What went wrong, in the cloud's own words */
  fault: z.optional(
    z.object({
      message: z.string(),
      code: z.optional(z.number()),
      details: z.optional(z.string()),
      /** ISO 8601 */
      at: z.optional(z.string()),
    }),
  ),
  metadata: z.array(Pair),
  extraSpecs: z.array(Pair),
  schedulerHints: z.array(Pair),
  systemTags: z.array(Pair),
})
export type ServerFacts = z.infer<typeof ServerFacts>

/**
 * The request by which this cloud gives a serial console, so that a person can make it without us. It has no field for
 * a credential.
 */
export const ConsoleCall = z.discriminatedUnion('api', [
  /** Huawei Cloud's BMS API */
  z.object({
    api: z.literal('bms'),
    endpoint: z.string(),
    projectId: z.string(),
    /** Where IAM gives tokens; null: only the operator knows. */
    iam: z.nullable(z.string()),
    region: z.nullable(z.string()),
  }),
  /** Nova's action of Open Telekom Cloud, behind its own IAM */
  z.object({
    api: z.literal('nova-action'),
    endpoint: z.string(),
    projectId: z.string(),
    iam: z.nullable(z.string()),
    region: z.nullable(z.string()),
  }),
  /** Nova's API */
  z.object({
    api: z.literal('nova'),
    /** Its address with the version */
    base: z.string(),
    /** The x of 2.x; null: the cloud has no microversions. */
    minor: z.nullable(z.number()),
    region: z.nullable(z.string()),
  }),
])
export type ConsoleCall = z.infer<typeof ConsoleCall>

/** The whole answer about one server. It is no part of `api.ts`, since the list has no room for it. */
export const DescribedDetail = z.object({
  server: Server,
  /** What the cloud says of one server and not in its list */
  facts: z.optional(ServerFacts),
  /** How its console is asked for without us */
  call: z.optional(ConsoleCall),
})
export type DescribedDetail = z.infer<typeof DescribedDetail>
