import { z } from 'zod'
import { ConfigError, type HostPort, hostPort, optional, type Variable, variables } from '../environment.ts'

/** What a server needs to be one of several */
export interface ReplicaSettings {
  /** Where the store is that they share. It may hold a password. */
  redisUrl: string
  /** Where the others reach this one */
  address: HostPort
  /** What all of them know, and nobody else */
  secret: string
}

const SECRET_BYTES = 32

export const shownAddress = ({ host, port }: HostPort) => `${host.includes(':') ? `[${host}]` : host}:${port}`

const REDIS = 'BMS_CONSOLE_REDIS_URL'
const ADDRESS = 'BMS_CONSOLE_REPLICA_ADDRESS'
const SECRET = 'BMS_CONSOLE_REPLICA_SECRET'

export const replicaVariables = variables({
  [REDIS]: {
    schema: z.url({ protocol: /^rediss?$/ }),
    says: 'the URL of a Redis or Valkey, redis:// or rediss://',
    secret: true,
  },
  [ADDRESS]: {
    schema: hostPort.refine(({ port }) => port > 0),
    says: 'host:port at which the other replicas reach this one, e.g. 10.0.0.5:8090',
  },
  [SECRET]: {
    schema: z.string().refine((value) => Buffer.byteLength(value) >= SECRET_BYTES),
    says: `at least ${SECRET_BYTES} bytes that all replicas share, e.g. from openssl rand -base64 32`,
    secret: true,
  },
})

/**
 * @param publicOrigins null: those of loopback, at this replica's own port
 * @returns null: this server is the only one
 * @throws ConfigError
 */
export function replicaSettings(
  env: NodeJS.ProcessEnv,
  { publicOrigins }: { publicOrigins: readonly string[] | null },
): ReplicaSettings | null {
  const redisUrl = optional(env, replicaVariables[REDIS])
  const address = optional(env, replicaVariables[ADDRESS])
  const secret = optional(env, replicaVariables[SECRET])
  if (redisUrl === undefined && address === undefined && secret === undefined) return null
  const given = { [REDIS]: redisUrl, [ADDRESS]: address, [SECRET]: secret }
  const others = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : name))
  if (redisUrl === undefined) throw missing(replicaVariables[REDIS], others)
  if (address === undefined) throw missing(replicaVariables[ADDRESS], others)
  if (secret === undefined) throw missing(replicaVariables[SECRET], others)
  if (!publicOrigins)
    throw new ConfigError(
      `BMS_CONSOLE_PUBLIC_ORIGINS is missing (${REDIS} is set): browsers come to all replicas by the same origins`,
    )
  return { redisUrl, address, secret }
}

const missing = ({ name, says }: Variable<unknown>, others: readonly string[]) =>
  new ConfigError(
    `${name} is missing (${others.join(' and ')} ${others.length > 1 ? 'are' : 'is'} set): it must be ${says}`,
  )
