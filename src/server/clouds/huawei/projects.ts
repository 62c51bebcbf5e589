import { CloudError } from '../cloud.ts'
import { unintelligible } from '../errors.ts'
import type { Authoriser, CloudHttp } from '../http.ts'
import { RenewedToken } from '../keystone/tokens.ts'
import { iamClient } from './iam.ts'

export interface HuaweiProject {
  id: string
  /** null where only the id was given */
  name: string | null
}

/** Known by its name only; IAM knows the id. */
export interface NamedProject {
  name: string
  iamEndpoint: string
}

/**
 * Looks for the project once and keeps it. A failed look is not kept: it rejects with a `CloudError`, and the next
 * call looks again.
 */
export function projectOnce(
  given: string | HuaweiProject | NamedProject,
  authoriser: Authoriser,
  http: CloudHttp,
): () => Promise<HuaweiProject> {
  if (typeof given === 'string') return async () => ({ id: given, name: null })
  if ('id' in given) return async () => given
  let found: Promise<HuaweiProject> | null = null
  return () => {
    found ??= findProject(given, authoriser, http).catch((error: unknown) => {
      found = null
      throw error
    })
    return found
  }
}

async function findProject(
  { name, iamEndpoint }: NamedProject,
  authoriser: Authoriser,
  http: CloudHttp,
): Promise<HuaweiProject> {
  if (authoriser instanceof RenewedToken) {
    // The token was asked for by the project's name, so the answer to it names the project.
    const { project } = await authoriser.current()
    if (!project) throw unintelligible('token answer')
    return project
  }
  const named = await iamClient(iamEndpoint, http).projectsNamed(name, authoriser)
  const [project] = named
  if (named.length === 1 && project) return project
  throw new CloudError({
    cause: 'no-permission',
    detail: project
      ? `IAM has several projects named ${name}: give the id of one.`
      : `IAM has no project named ${name} that these credentials may see.`,
  })
}

/**
 * Says in words where a project is. Names begin with their region: `eu-de_team-a` becomes `eu-de / team-a`, and
 * `eu-de` is the region's own project.
 */
export function whereIs(region: string | null, project: string): string {
  if (region === null) return project
  if (project === region) return region
  return `${region} / ${project.startsWith(`${region}_`) ? project.slice(region.length + 1) : project}`
}
