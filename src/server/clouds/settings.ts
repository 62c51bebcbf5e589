import { z } from 'zod'
import { ConfigError, optional, variables, whole } from '../environment.ts'
import { type HuaweiSettings, huaweiSettings, huaweiVariables } from './huawei/settings.ts'
import { type OpenStackSettings, openStackSettings } from './openstack/settings.ts'
import type { SandboxKind } from './sandbox.ts'

/** The cloud that has the servers */
export type CloudSettings =
  | {
      kind: 'sandbox'
      machines: 'auto' | 'simulated' | 'linux'
      as: SandboxKind
      fleet: {
        /** So many servers has its first project, unless the small fleet has more. */
        size: number
        /** How long a page of a list takes, ms */
        pageDelayMs: number
        /** How often one of its servers changes, ms; 0: never */
        churnMs: number
      }
    }
  | { kind: 'huawei' | 'otc'; settings: HuaweiSettings }
  | { kind: 'openstack'; settings: OpenStackSettings }

export const cloudVariables = variables({
  BMS_CONSOLE_CLOUD: {
    schema: z.enum(['sandbox', 'huawei', 'otc', 'openstack']),
    says: '"sandbox", "huawei", "otc" or "openstack"',
  },
  BMS_CONSOLE_SANDBOX_MACHINES: {
    schema: z.enum(['auto', 'simulated', 'linux']),
    says: '"auto", "simulated" or "linux"',
  },
  BMS_CONSOLE_SANDBOX_CLOUD: {
    schema: z.enum(['huawei', 'openstack']),
    says: '"huawei" or "openstack"',
  },
  BMS_CONSOLE_SANDBOX_SERVERS: { schema: whole(10, 100_000), says: 'a whole number from 10 to 100000' },
  BMS_CONSOLE_SANDBOX_SLOW: { schema: whole(0, 60_000), says: 'whole milliseconds from 0 to 60000' },
  BMS_CONSOLE_SANDBOX_CHURN: {
    schema: whole(10, 3_600_000),
    says: 'whole milliseconds from 10 to 3600000',
  },
  BMS_CONSOLE_CLOUD_TIMEOUT: { schema: whole(1, 120), says: 'whole seconds from 1 to 120' },
})

/** @param credentials whether the proxy needs its own: not where the cloud's users sign in with theirs */
export function cloudSettings(
  env: NodeJS.ProcessEnv,
  kind: CloudSettings['kind'],
  credentials: 'needed' | 'not-needed',
): CloudSettings {
  const timeout = optional(env, cloudVariables.BMS_CONSOLE_CLOUD_TIMEOUT)
  switch (kind) {
    case 'sandbox':
      return {
        kind,
        machines: optional(env, cloudVariables.BMS_CONSOLE_SANDBOX_MACHINES) ?? 'auto',
        as: optional(env, cloudVariables.BMS_CONSOLE_SANDBOX_CLOUD) ?? 'huawei',
        fleet: {
          size: optional(env, cloudVariables.BMS_CONSOLE_SANDBOX_SERVERS) ?? 0,
          pageDelayMs: optional(env, cloudVariables.BMS_CONSOLE_SANDBOX_SLOW) ?? 0,
          churnMs: optional(env, cloudVariables.BMS_CONSOLE_SANDBOX_CHURN) ?? 0,
        },
      }
    case 'huawei':
    case 'otc':
      return { kind, settings: huaweiSettings(env, { kind, credentials, timeout }) }
    case 'openstack':
      return { kind, settings: openStackSettings(env, { credentials, timeout }) }
  }
}

/** Users sign in with their own credentials. For watched lines this server needs its own, too. @throws ConfigError */
export function ownBesideUsers(env: NodeJS.ProcessEnv, kind: CloudSettings['kind']): CloudSettings {
  try {
    const cloud = cloudSettings(env, kind, 'needed')
    const regions = cloud.kind === 'huawei' || cloud.kind === 'otc' ? cloud.settings.regions : []
    if (regions.some(({ iamEndpoint }) => iamEndpoint === null)) {
      const { name, says } = huaweiVariables.HUAWEI_IAM_ENDPOINT
      throw new ConfigError(`${name} is missing (users sign in there): it must be ${says}`)
    }
    return cloud
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(
      `BMS_CONSOLE_WATCH with BMS_CONSOLE_SIGN_IN=iam needs credentials of this server's own, because nobody is signed in at a line that is watched: ${error.message}`,
    )
  }
}
