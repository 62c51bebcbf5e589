import { callerOver } from '../../outbound/caller.ts'
import type { Cloud } from '../cloud.ts'
import { CloudHttp, type CloudHttpOptions } from '../http.ts'
import type { IdentityService } from '../identity-service.ts'
import { Keystone } from '../keystone/keystone.ts'
import { RenewedToken } from '../keystone/tokens.ts'
import { mergeClouds } from '../merged-cloud.ts'
import { openStackIdentityService } from './identity-service.ts'
import { createOpenStackCloud } from './openstack.ts'
import type { OpenStackSettings } from './settings.ts'

/** Opens the project of the settings in all its regions, with the proxy's own credentials. */
export function openOpenStack(settings: OpenStackSettings, more: CloudHttpOptions = {}): Cloud {
  const { own, regions, name } = settings
  if (!own) throw new Error('the users sign in with their own credentials')
  const http = httpOptions(settings, more)
  const keystoneHttp = new CloudHttp(http)
  // One token is good for all regions.
  const tokens = new RenewedToken(new Keystone(settings.authUrl, keystoneHttp), {
    credentials: own.credentials,
    scope: own.scope,
    refusedSays: `Keystone rejected BMS Console's own sign-in (${own.from}).`,
  })
  const cloud = mergeClouds(
    (regions.length > 0 ? regions : [null]).map((region) => ({
      where: region ?? name,
      cloud: createOpenStackCloud({ ...http, tokens, interface: settings.interface, region }),
    })),
  )
  return {
    ...cloud,
    async close() {
      keystoneHttp.close()
      await cloud.close()
    },
  }
}

/** Sign-in for the users of the settings' Keystone. */
export function openOpenStackUsers(
  settings: OpenStackSettings,
  more: CloudHttpOptions = {},
): IdentityService {
  const { authUrl, name, domain, regions, interface: kind } = settings
  return openStackIdentityService({
    ...httpOptions(settings, more),
    authUrl,
    name,
    domain: domain ?? 'Default',
    regions,
    interface: kind,
  })
}

const httpOptions = ({ tls, timeoutMs }: OpenStackSettings, more: CloudHttpOptions): CloudHttpOptions => ({
  timeoutMs,
  caller: callerOver({ tls, proxies: more.proxies }),
  ...more,
})
