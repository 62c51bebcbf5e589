import { z } from 'zod'
import { ConfigError, optional, text, type Variable, variables } from '../environment.ts'
import {
  type Exception,
  type OutboundProxy,
  type ProxySettings,
  parseExceptions,
  parseProxy,
} from './proxies.ts'
import { readCertificates, type TlsOptions, usualCertificatesAnd, usualTrust } from './trust.ts'

export interface OutboundSettings {
  proxies: ProxySettings
  /** What the relay trusts as a gateway */
  gatewayTls: TlsOptions
}

const proxy = {
  schema: z.string().transform((value, context): Omit<OutboundProxy, 'setting'> => {
    const parsed = parseProxy(value.trim())
    if (parsed) return parsed
    context.addIssue({ code: 'custom' })
    return z.NEVER
  }),
  says: 'the URL of an http or https proxy without a path, e.g. http://proxy.example.com:3128',
}
const except = {
  schema: z.string().transform((value, context): Exception[] => {
    const parsed = parseExceptions(value)
    if (parsed) return parsed
    context.addIssue({ code: 'custom' })
    return z.NEVER
  }),
  says: 'a comma-separated list of hosts, domains, addresses and CIDR blocks, or * for everything',
}

export const outboundVariables = variables({
  BMS_CONSOLE_GATEWAY_CACERT: { schema: text, says: 'the file of the certificates to trust, PEM' },
  HTTPS_PROXY: { ...proxy, secret: true },
  https_proxy: proxy,
  HTTP_PROXY: { ...proxy, secret: true },
  http_proxy: proxy,
  NO_PROXY: except,
  no_proxy: except,
})

/**
 * How connections leave this server.
 * @param cloud whom the cloud's client trusts, where that has settings of its own
 * @throws ConfigError
 */
export function outboundSettings(env: NodeJS.ProcessEnv, cloud: TlsOptions | null): OutboundSettings {
  const { NO_PROXY, no_proxy, HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = outboundVariables
  return {
    proxies: {
      https: proxyOf(env, https_proxy, HTTPS_PROXY),
      http: proxyOf(env, http_proxy, HTTP_PROXY),
      except: optional(env, no_proxy) ?? optional(env, NO_PROXY) ?? [],
    },
    gatewayTls: gatewayTls(env, cloud),
  }
}

/** The name in lower case counts before the other one, as in curl. */
function proxyOf(
  env: NodeJS.ProcessEnv,
  ...names: readonly Variable<Omit<OutboundProxy, 'setting'>>[]
): OutboundProxy | null {
  for (const variable of names) {
    const found = optional(env, variable)
    if (found) return { ...found, setting: variable.name }
  }
  return null
}

/** A gateway's certificate is often the cloud's private CA's, but it may as well be a public one's. */
function gatewayTls(env: NodeJS.ProcessEnv, cloud: TlsOptions | null): TlsOptions {
  const { BMS_CONSOLE_GATEWAY_CACERT } = outboundVariables
  const path = optional(env, BMS_CONSOLE_GATEWAY_CACERT)
  if (path !== undefined) {
    const read = readCertificates(path)
    if ('why' in read) throw new ConfigError(`${BMS_CONSOLE_GATEWAY_CACERT.name} ${read.why}`)
    return { ca: read.pem, verify: true }
  }
  if (!cloud?.verify || cloud.ca === null) return cloud ?? usualTrust
  return { ca: usualCertificatesAnd(cloud.ca, env), verify: true }
}
