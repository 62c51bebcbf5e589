import { systemClock } from '../../../shared/clock.ts'
import type { Cloud } from '../cloud.ts'
import type { CloudHttpOptions } from '../http.ts'
import type { IdentityService } from '../identity-service.ts'
import type { SignInGate } from '../keystone/sign-in-gate.ts'
import { mergeClouds } from '../merged-cloud.ts'
import type { HuaweiAuth } from './auth.ts'
import type { HuaweiCredentials } from './credentials.ts'
import type { HuaweiRegion } from './endpoints.ts'
import { createHuaweiCloud } from './huawei.ts'
import { iamGate } from './iam.ts'
import { huaweiIdentityService } from './identity-service.ts'
import { whereIs } from './projects.ts'
import type { ChosenProject, HuaweiSettings } from './settings.ts'

/** All projects of the settings as one cloud, with the proxy's own credentials. */
export function openHuawei(settings: HuaweiSettings, http: CloudHttpOptions = {}): Cloud {
  const { own } = settings
  if (!own) throw new Error('the users sign in with their own credentials')
  const gate = iamGate(http.clock ?? systemClock)
  const parts = own.projects.map((chosen) => ({
    where: whereIs(chosen.region.name, 'id' in chosen.project ? chosen.project.id : chosen.project.name),
    cloud: openProject(settings, chosen, authFor(own.credentials, chosen.region, gate), http),
  }))
  return mergeClouds(parts)
}

/** Sign-in for the users of the settings' IAM. */
export function openHuaweiUsers(settings: HuaweiSettings, http: CloudHttpOptions = {}): IdentityService {
  const [first] = settings.regions
  if (!first) throw new Error('the settings ask for a region')
  return huaweiIdentityService({
    timeoutMs: settings.timeoutMs,
    ...http,
    iamEndpoint: iamOf(first),
    name: nameOfHuawei(settings),
    domain: settings.domain,
    regions: settings.regions,
    enterpriseProject: settings.enterpriseProject,
  })
}

function openProject(
  settings: HuaweiSettings,
  { region, project }: ChosenProject,
  auth: HuaweiAuth,
  http: CloudHttpOptions,
): Cloud {
  return createHuaweiCloud({
    timeoutMs: settings.timeoutMs,
    ...http,
    endpoint: region.bmsEndpoint,
    novaEndpoint: region.ecsEndpoint,
    evsEndpoint: region.evsEndpoint,
    region: region.name,
    projectId: 'id' in project ? project.id : { name: project.name, iamEndpoint: iamOf(region) },
    enterpriseProject: settings.enterpriseProject,
    iamEndpoint: region.iamEndpoint,
    auth,
  })
}

function authFor(credentials: HuaweiCredentials, region: HuaweiRegion, gate: SignInGate): HuaweiAuth {
  return credentials.kind === 'password' ? { ...credentials, gate, iamEndpoint: iamOf(region) } : credentials
}

function iamOf({ iamEndpoint }: HuaweiRegion): string {
  if (iamEndpoint === null) throw new Error('the settings ask for IAM wherever it is needed')
  return iamEndpoint
}

/** What the page calls the cloud. */
export function nameOfHuawei({ kind, regions }: HuaweiSettings): string {
  const [only] = regions
  if (only?.name === null) return new URL(only.bmsEndpoint).hostname
  return kind === 'otc' ? 'Open Telekom Cloud' : 'Huawei Cloud'
}
