import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError, endpoint, optional, required, text, variables } from '../../environment.ts'
import type { AccessKey } from './access-key.ts'
import type { HuaweiAuth } from './auth.ts'

/** The proxy's own credentials. The region says where IAM is. */
export type HuaweiCredentials =
  | Omit<Extract<HuaweiAuth, { kind: 'password' }>, 'iamEndpoint'>
  | Exclude<HuaweiAuth, { kind: 'password' }>

/**
 * The published SDKs read the names that begin with `HUAWEICLOUD_SDK_`.
 * https://github.com/huaweicloud/huaweicloud-sdk-go-v3#24-authentication-management-top
 */
export const credentialVariables = variables({
  HUAWEI_DOMAIN: { schema: text, says: 'the account (domain) name of the IAM user' },
  HUAWEI_USER: { schema: text, says: 'the name of the IAM user' },
  HUAWEI_PASSWORD: { schema: z.string().min(1), says: 'the password of the IAM user', secret: true },
  HUAWEI_TOKEN: { schema: text, says: 'an IAM token of the project', secret: true },
  HUAWEICLOUD_SDK_AK: { schema: text, says: 'an access key', secret: true },
  HUAWEICLOUD_SDK_SK: { schema: text, says: 'the secret key of HUAWEICLOUD_SDK_AK', secret: true },
  HUAWEICLOUD_SDK_SECURITY_TOKEN: {
    schema: text,
    says: 'the security token of a temporary access key',
    secret: true,
  },
  HUAWEICLOUD_SDK_CREDENTIALS_FILE: {
    schema: text,
    says: 'the path of a profile with ak and sk below [basic], e.g. /root/.huaweicloud/credentials',
  },
})

interface Given {
  credentials: HuaweiCredentials
  /** A profile may say this besides its key. */
  projectId?: string | undefined
  iamEndpoint?: string | undefined
}

/** Reads the access key, profile, token, or user and password, whichever is set. Two ways at once are a mistake. */
export function huaweiCredentials(env: NodeJS.ProcessEnv, why: string): Given {
  const v = credentialVariables
  const ways = [
    v.HUAWEICLOUD_SDK_AK,
    v.HUAWEICLOUD_SDK_CREDENTIALS_FILE,
    v.HUAWEI_TOKEN,
    v.HUAWEI_USER,
  ].filter((variable) => optional(env, variable) !== undefined)
  if (ways.length > 1) {
    const names = ways.map(({ name }) => name).join(' and ')
    throw new ConfigError(`${names} are both set: keep one way to sign in`)
  }
  for (const part of [v.HUAWEICLOUD_SDK_SK, v.HUAWEICLOUD_SDK_SECURITY_TOKEN]) {
    if (ways[0] !== v.HUAWEICLOUD_SDK_AK && optional(env, part) !== undefined)
      required(env, v.HUAWEICLOUD_SDK_AK, `${part.name} is set`)
  }
  switch (ways[0]) {
    case v.HUAWEICLOUD_SDK_AK: {
      const fromFile = ['AK', 'SK', 'SECURITY_TOKEN'].some((part) => env[`HUAWEICLOUD_SDK_${part}_FILE`])
      const reread = () => keyOf(env)
      return { credentials: { kind: 'aksk', ...keyOf(env), ...(fromFile ? { reread } : {}) } }
    }
    case v.HUAWEICLOUD_SDK_CREDENTIALS_FILE: {
      const path = required(env, v.HUAWEICLOUD_SDK_CREDENTIALS_FILE, why)
      const { key, projectId, iamEndpoint } = readProfile(path)
      const reread = () => readProfile(path).key
      return { credentials: { kind: 'aksk', ...key, reread }, projectId, iamEndpoint }
    }
    case v.HUAWEI_TOKEN: {
      const token = () => required(env, v.HUAWEI_TOKEN, why)
      const reread = env.HUAWEI_TOKEN_FILE ? { reread: token } : {}
      return { credentials: { kind: 'token', token: token(), ...reread } }
    }
    default: {
      const others = 'neither HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_CREDENTIALS_FILE nor HUAWEI_TOKEN is set'
      return {
        credentials: {
          kind: 'password',
          user: required(env, v.HUAWEI_USER, `${why}, and ${others}`),
          domain: required(env, v.HUAWEI_DOMAIN, 'HUAWEI_USER is set'),
          password: required(env, v.HUAWEI_PASSWORD, 'HUAWEI_USER is set'),
        },
      }
    }
  }
}

function keyOf(env: NodeJS.ProcessEnv): AccessKey {
  const securityToken = optional(env, credentialVariables.HUAWEICLOUD_SDK_SECURITY_TOKEN)
  return {
    accessKey: required(env, credentialVariables.HUAWEICLOUD_SDK_AK, 'it was set'),
    secretKey: required(env, credentialVariables.HUAWEICLOUD_SDK_SK, 'HUAWEICLOUD_SDK_AK is set'),
    ...(securityToken ? { securityToken } : {}),
  }
}

const Profile = z.object({
  ak: text,
  sk: text,
  security_token: text.optional(),
  project_id: text.optional(),
  iam_endpoint: endpoint.optional(),
})

/** Reads the SDKs' profile, an INI file. Its section `[basic]` is for services that belong to a region. */
function readProfile(path: string) {
  const name = credentialVariables.HUAWEICLOUD_SDK_CREDENTIALS_FILE.name
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`${name} names a file that cannot be read (${code})`)
  }
  const section = new Map<string, string>()
  let inBasic = false
  for (const line of content.split(/\r?\n/)) {
    const [, heading] = /^\s*\[(.*)\]\s*$/.exec(line) ?? []
    if (heading !== undefined) inBasic = heading.trim() === 'basic'
    const [, key, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (inBasic && key && value) section.set(key, value)
  }
  const parsed = Profile.safeParse(Object.fromEntries(section))
  if (!parsed.success) {
    const key = String(parsed.error.issues[0]?.path[0])
    throw new ConfigError(`${name} names a file without a valid "${key}" below [basic]`)
  }
  const { ak, sk, security_token, project_id, iam_endpoint } = parsed.data
  return {
    key: { accessKey: ak, secretKey: sk, ...(security_token ? { securityToken: security_token } : {}) },
    projectId: project_id,
    iamEndpoint: iam_endpoint,
  }
}
