import type { PowerTraits } from '../../shared/power.ts'
import type { Cloud } from './cloud.ts'
import { createHuaweiCloud } from './huawei/huawei.ts'
import { huaweiIdentityService } from './huawei/identity-service.ts'
import type { IdentityService } from './identity-service.ts'
import { openStackIdentityService } from './openstack/identity-service.ts'
import { openOpenStack } from './openstack/open.ts'
import { powerTraits } from './power-traits.ts'

/** Where the sandbox's clouds are, and what the proxy signs in with. */
export interface SandboxAccess {
  apiEndpoint: string
  iamEndpoint: string
  projectId: string
  regions: ReadonlyArray<{ id: string; endpoint: string }>
  credentials: { domain: string; user: string; password: string }
  openstack: { authUrl: string; applicationCredential: { id: string; secret: string } }
}

/** The sandbox is two clouds over the same servers. */
export type SandboxKind = 'huawei' | 'openstack'

/** Opens the sandbox as one of its two clouds. Nothing is sent before the returned functions are called. */
export function openSandbox(
  sandbox: SandboxAccess,
  kind: SandboxKind,
  timeoutMs?: number,
): { cloud: () => Cloud; identityService: () => IdentityService; power: PowerTraits } {
  const named = { name: 'Sandbox', domain: sandbox.credentials.domain }
  const http = timeoutMs === undefined ? {} : { timeoutMs }
  switch (kind) {
    case 'huawei': {
      const { iamEndpoint, credentials } = sandbox
      return {
        power: powerTraits(kind),
        cloud: () =>
          createHuaweiCloud({
            ...http,
            endpoint: sandbox.apiEndpoint,
            evsEndpoint: sandbox.apiEndpoint,
            projectId: sandbox.projectId,
            auth: { kind: 'password', iamEndpoint, ...credentials },
          }),
        identityService: () =>
          huaweiIdentityService({
            ...http,
            ...named,
            iamEndpoint,
            regions: sandbox.regions.map(({ id, endpoint }) => ({
              name: id,
              iamEndpoint,
              bmsEndpoint: endpoint,
              ecsEndpoint: null,
              evsEndpoint: endpoint,
            })),
          }),
      }
    }
    case 'openstack': {
      const { authUrl, applicationCredential } = sandbox.openstack
      const { id, secret } = applicationCredential
      return {
        power: powerTraits(kind),
        cloud: () =>
          openOpenStack({
            ...named,
            authUrl,
            interface: 'public',
            // The project is in the first region.
            regions: sandbox.regions.slice(0, 1).map((region) => region.id),
            tls: { ca: null, verify: true },
            own: {
              credentials: { kind: 'application-credential', id, secret },
              scope: 'own',
              from: 'the sandbox',
            },
            timeoutMs,
          }),
        identityService: () =>
          openStackIdentityService({ ...http, ...named, authUrl, interface: 'public', regions: [] }),
      }
    }
  }
}
