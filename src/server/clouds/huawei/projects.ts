import { CloudError } from '../cloud.ts'
import type { Authoriser, CloudHttp } from '../http.ts'
import { PasswordAuthoriser } from './password.ts'
import { WireProjects } from './wire.ts'

export interface HuaweiProject {
  id: string
  /** null where only the id was given */
  name: string | null
}

/** Known by its name only: IAM tells the id. */
export interface NamedProject {
  name: string
  iamEndpoint: string
}

/**
 * The id of a project, asked for once and kept.
 * @returns rejects with a `CloudError`; the next call then asks again
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
  // The token is of this project already.
  if (authoriser instanceof PasswordAuthoriser) return authoriser.project()
  const url = new URL('/v3/projects', iamEndpoint)
  url.searchParams.set('name', name)
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const { projects } = await http.call(
    authoriser,
    { method: 'GET', url, headers, body: '' },
    WireProjects,
    'project list',
  )
  const named = projects.filter((project) => project.name === name)
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
 * Where a project is, in words. Names begin with their region: `eu-de_team-a` is `eu-de / team-a`, and `eu-de` is the
 * region's own.
 */
export function whereIs(region: string | null, project: string): string {
  if (region === null) return project
  if (project === region) return region
  return `${region} / ${project.startsWith(`${region}_`) ? project.slice(region.length + 1) : project}`
}
