import { z } from 'zod'
import { ConfigError, endpoint, list, optional, required, text, url, variables } from '../../environment.ts'
import { credentialVariables, type HuaweiCredentials, huaweiCredentials } from './credentials.ts'
import {
  documentedEndpoint,
  endpointVariable,
  type HuaweiKind,
  type HuaweiRegion,
  type HuaweiService,
  otcRegions,
} from './endpoints.ts'

export interface HuaweiSettings {
  kind: HuaweiKind
  /** Where users may have projects. */
  regions: readonly HuaweiRegion[]
  /** What the proxy itself signs in with, and to what. null where its users sign in. */
  own: { credentials: HuaweiCredentials; projects: readonly ChosenProject[] } | null
  /** The account that most users belong to; null if it is not set. */
  domain: string | null
  enterpriseProject: string | null
  /** For one call; undefined: the client's own limit */
  timeoutMs: number | undefined
}

export interface ChosenProject {
  region: HuaweiRegion
  project: { id: string } | { name: string }
}

/** A region's name becomes part of a host name. */
const region = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
/** Either `eu-de/<id>`, or a name that begins with its region: `eu-de_team-a`, or `eu-de` for the region's own. */
const project = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*(\/[^/]+|_.+)?$/)

const placeVariables = variables({
  HUAWEI_REGIONS: {
    schema: list.pipe(z.array(region).min(1)),
    says: 'a comma-separated list of regions, e.g. eu-de,eu-nl',
  },
  HUAWEI_PROJECTS: {
    schema: list.pipe(z.array(project).min(1)),
    says: 'a comma-separated list of projects, by region/id or by name, e.g. eu-de/0123456789abcdef0123456789abcdef,eu-nl_team-a',
  },
  HUAWEI_PROJECT_ID: { schema: text, says: 'the id of the project that owns the servers' },
  HUAWEICLOUD_SDK_PROJECT_ID: { schema: text, says: 'the id of the project that owns the servers' },
  HUAWEI_BMS_ENDPOINT: { schema: url, says: 'the BMS endpoint, e.g. https://bms.example.com' },
  HUAWEI_EVS_ENDPOINT: { schema: url, says: 'the EVS endpoint, e.g. https://evs.example.com' },
  HUAWEI_IAM_ENDPOINT: { schema: url, says: 'the IAM endpoint, e.g. https://iam.example.com' },
  HUAWEICLOUD_SDK_IAM_ENDPOINT: { schema: endpoint, says: 'the IAM endpoint, e.g. https://iam.example.com' },
  HUAWEI_ENTERPRISE_PROJECT_ID: {
    schema: z.string().regex(/^(0|all_granted_eps|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/),
    says: 'the id of an enterprise project, 0 for the default one, or all_granted_eps',
  },
})

export const huaweiVariables = { ...placeVariables, ...credentialVariables }

interface Context {
  kind: HuaweiKind
  /** `not-needed` where users sign in with their own. */
  credentials: 'needed' | 'not-needed'
  /** For one call, seconds */
  timeout: number | undefined
}

/** @throws ConfigError naming the variable that is wrong or missing */
export function huaweiSettings(env: NodeJS.ProcessEnv, context: Context): HuaweiSettings {
  const { kind, timeout } = context
  const why = `BMS_CONSOLE_CLOUD=${kind}`
  const given = context.credentials === 'needed' ? huaweiCredentials(env, why) : null
  const read = new Places(env, kind, given?.iamEndpoint)
  const common = {
    kind,
    domain: optional(env, credentialVariables.HUAWEI_DOMAIN) ?? null,
    enterpriseProject: optional(env, placeVariables.HUAWEI_ENTERPRISE_PROJECT_ID) ?? null,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  }
  if (!given) return { ...common, regions: read.regions(why), own: null }
  const { credentials } = given
  const projects = read.projects(why, credentials.kind, given.projectId)
  if (credentials.kind === 'token' && projects.length > 1) {
    throw new ConfigError('HUAWEI_TOKEN covers one project: several need an access key or HUAWEI_USER')
  }
  return {
    ...common,
    regions: [...new Set(projects.map((chosen) => chosen.region))],
    own: { credentials, projects },
  }
}

/** Reads the regions and projects from either set of variables. */
class Places {
  readonly #regions = new Map<string, HuaweiRegion>()

  constructor(
    readonly env: NodeJS.ProcessEnv,
    readonly kind: HuaweiKind,
    /** From a profile */
    readonly iamEndpoint: string | undefined,
  ) {}

  /** The regions in which users may have projects. */
  regions(why: string): HuaweiRegion[] {
    const endpointGiven = this.#endpointGiven()
    if (endpointGiven) {
      const iamEndpoint =
        this.#iamEndpoint() ??
        required(this.env, placeVariables.HUAWEI_IAM_ENDPOINT, 'HUAWEI_BMS_ENDPOINT is set')
      return [this.#regionAt(endpointGiven, iamEndpoint)]
    }
    if (this.env.HUAWEI_PROJECTS)
      throw new ConfigError('HUAWEI_PROJECTS is set, but users choose their own: set HUAWEI_REGIONS')
    const names = required(this.env, placeVariables.HUAWEI_REGIONS, why)
    return [...new Set(names)].map((name) => this.#region(name, placeVariables.HUAWEI_REGIONS.name))
  }

  /** The projects that the proxy opens itself. */
  projects(
    why: string,
    auth: HuaweiCredentials['kind'],
    profileProject: string | undefined,
  ): ChosenProject[] {
    const { HUAWEI_PROJECT_ID, HUAWEICLOUD_SDK_PROJECT_ID, HUAWEI_PROJECTS, HUAWEI_REGIONS } = placeVariables
    const id = optional(this.env, HUAWEI_PROJECT_ID) ?? optional(this.env, HUAWEICLOUD_SDK_PROJECT_ID)
    const endpointGiven = this.#endpointGiven()
    if (endpointGiven) {
      const needsIam = auth === 'password' && !this.#iamEndpoint()
      const iamEndpoint = needsIam
        ? required(this.env, placeVariables.HUAWEI_IAM_ENDPOINT, 'HUAWEI_USER is set')
        : (this.#iamEndpoint() ?? null)
      const project = { id: id ?? profileProject ?? required(this.env, HUAWEI_PROJECT_ID, why) }
      return [{ region: this.#regionAt(endpointGiven, iamEndpoint), project }]
    }
    const paths = optional(this.env, HUAWEI_PROJECTS)
    const names = optional(this.env, HUAWEI_REGIONS)
    if (paths) {
      if (names) this.#refuse('HUAWEI_REGIONS and HUAWEI_PROJECTS', 'the latter names its regions')
      if (id !== undefined) this.#refuse('HUAWEI_PROJECT_ID and HUAWEI_PROJECTS', 'keep one of them')
      return [...new Set(paths)].map((path) => this.#chosen(path))
    }
    const others =
      this.kind === 'otc'
        ? 'HUAWEI_PROJECTS is not set'
        : 'neither HUAWEI_PROJECTS nor HUAWEI_BMS_ENDPOINT is set'
    const given = names ?? required(this.env, HUAWEI_REGIONS, `${why}, and ${others}`)
    const regions = [...new Set(given)].map((name) => this.#region(name, HUAWEI_REGIONS.name))
    const only = id ?? profileProject
    if (only === undefined) {
      // Each region has a project that is named like the region.
      return regions.map((region) => ({ region, project: { name: region.name ?? '' } }))
    }
    const [region, another] = regions
    if (another || !region) {
      throw new ConfigError(
        'HUAWEI_PROJECT_ID belongs to one region, but HUAWEI_REGIONS names several: use HUAWEI_PROJECTS',
      )
    }
    return [{ region, project: { id: only } }]
  }

  /** The older way names one region by its endpoints. */
  #endpointGiven(): string | null {
    const given = optional(this.env, placeVariables.HUAWEI_BMS_ENDPOINT)
    if (given === undefined) return null
    if (this.kind === 'otc') {
      throw new ConfigError(
        'HUAWEI_BMS_ENDPOINT is not for BMS_CONSOLE_CLOUD=otc, whose consoles come from another endpoint: set HUAWEI_REGIONS',
      )
    }
    for (const { name } of [placeVariables.HUAWEI_REGIONS, placeVariables.HUAWEI_PROJECTS]) {
      if (this.env[name]) this.#refuse(`HUAWEI_BMS_ENDPOINT and ${name}`, 'keep one of them')
    }
    return given
  }

  #chosen(path: string): ChosenProject {
    const [, regionName = '', rest = ''] = /^([a-z0-9-]+)(.*)$/.exec(path) ?? []
    const region = this.#region(regionName, placeVariables.HUAWEI_PROJECTS.name)
    return { region, project: rest.startsWith('/') ? { id: rest.slice(1) } : { name: path } }
  }

  #region(name: string, variable: string): HuaweiRegion {
    if (this.kind === 'otc' && !otcRegions.some((known) => known === name)) {
      throw new ConfigError(
        `${variable} is not valid: the regions of Open Telekom Cloud are ${otcRegions.join(', ')}`,
      )
    }
    const known = this.#regions.get(name)
    if (known) return known
    const region: HuaweiRegion = {
      name,
      iamEndpoint: this.#iamEndpoint() ?? this.#endpoint('iam', name),
      bmsEndpoint: this.#endpoint('bms', name),
      ecsEndpoint: this.kind === 'otc' ? this.#endpoint('ecs', name) : null,
      evsEndpoint: this.#endpoint('evs', name),
    }
    this.#regions.set(name, region)
    return region
  }

  #regionAt(bmsEndpoint: string, iamEndpoint: string | null): HuaweiRegion {
    const evsEndpoint = optional(this.env, placeVariables.HUAWEI_EVS_ENDPOINT) ?? null
    return { name: null, iamEndpoint, bmsEndpoint, ecsEndpoint: null, evsEndpoint }
  }

  #endpoint(service: HuaweiService, region: string): string {
    const name = endpointVariable(service, region)
    const says = `the endpoint of ${service.toUpperCase()} in ${region}, e.g. https://${service}.example.com`
    const elsewhere = optional(this.env, { name, schema: endpoint, says, secret: false })
    return elsewhere ?? documentedEndpoint(this.kind, service, region)
  }

  #iamEndpoint(): string | undefined {
    return (
      optional(this.env, placeVariables.HUAWEI_IAM_ENDPOINT) ??
      optional(this.env, placeVariables.HUAWEICLOUD_SDK_IAM_ENDPOINT) ??
      this.iamEndpoint
    )
  }

  #refuse(names: string, advice: string): never {
    throw new ConfigError(`${names} are both set: ${advice}`)
  }
}
