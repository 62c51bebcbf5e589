import { z } from 'zod'
import { ConfigError, optional, required, text, url, variables } from '../../environment.ts'
import type { HuaweiOptions } from './huawei.ts'

export const huaweiVariables = variables({
  HUAWEI_BMS_ENDPOINT: { schema: url, says: 'the BMS endpoint, e.g. https://bms.eu-de.otc.t-systems.com' },
  HUAWEI_IAM_ENDPOINT: { schema: url, says: 'the IAM endpoint, e.g. https://iam.eu-de.otc.t-systems.com' },
  HUAWEI_PROJECT_ID: { schema: text, says: 'the id of the project that owns the servers' },
  HUAWEI_DOMAIN: { schema: text, says: 'the account (domain) name of the IAM user' },
  HUAWEI_USER: { schema: text, says: 'the name of the IAM user' },
  HUAWEI_PASSWORD: { schema: z.string().min(1), says: 'the password of the IAM user', secret: true },
  HUAWEI_TOKEN: { schema: text, says: 'an IAM token of the project', secret: true },
  HUAWEICLOUD_SDK_AK: { schema: text, says: 'an access key' },
  HUAWEICLOUD_SDK_SK: { schema: text, says: 'the secret key of HUAWEICLOUD_SDK_AK', secret: true },
  HUAWEICLOUD_SDK_SECURITY_TOKEN: {
    schema: text,
    says: 'the security token of a temporary access key',
    secret: true,
  },
})

/** @param timeout of one call, seconds */
export function huaweiOptions(env: NodeJS.ProcessEnv, timeout: number | undefined): HuaweiOptions {
  const why = 'BMS_CONSOLE_CLOUD=huawei'
  return {
    endpoint: required(env, huaweiVariables.HUAWEI_BMS_ENDPOINT, why),
    projectId: required(env, huaweiVariables.HUAWEI_PROJECT_ID, why),
    auth: huaweiAuth(env, why),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  }
}

/** Access key, given token, or user and password: whichever is set; two of them at once is a mistake. */
function huaweiAuth(env: NodeJS.ProcessEnv, why: string): HuaweiOptions['auth'] {
  const accessKey = optional(env, huaweiVariables.HUAWEICLOUD_SDK_AK)
  const token = optional(env, huaweiVariables.HUAWEI_TOKEN)
  const user = optional(env, huaweiVariables.HUAWEI_USER)
  const given = [accessKey && 'HUAWEICLOUD_SDK_AK', token && 'HUAWEI_TOKEN', user && 'HUAWEI_USER'].filter(
    Boolean,
  )
  if (given.length > 1) throw new ConfigError(`${given.join(' and ')} are both set: keep one way to sign in`)
  if (accessKey) {
    const securityToken = optional(env, huaweiVariables.HUAWEICLOUD_SDK_SECURITY_TOKEN)
    return {
      kind: 'aksk',
      accessKey,
      secretKey: required(env, huaweiVariables.HUAWEICLOUD_SDK_SK, 'HUAWEICLOUD_SDK_AK is set'),
      ...(securityToken ? { securityToken } : {}),
    }
  }
  if (token) return { kind: 'token', token }
  return {
    kind: 'password',
    user: required(
      env,
      huaweiVariables.HUAWEI_USER,
      `${why}, and neither HUAWEICLOUD_SDK_AK nor HUAWEI_TOKEN is set`,
    ),
    iamEndpoint: required(env, huaweiVariables.HUAWEI_IAM_ENDPOINT, 'HUAWEI_USER is set'),
    domain: required(env, huaweiVariables.HUAWEI_DOMAIN, 'HUAWEI_USER is set'),
    password: required(env, huaweiVariables.HUAWEI_PASSWORD, 'HUAWEI_USER is set'),
  }
}
