import type { IamCredentials } from '../../../shared/sign-in.ts'
import { CloudError } from '../cloud.ts'
import { scopedToken, unscopedToken } from '../openstack/documented.ts'
import { openStackIdentityService } from '../openstack/identity-service.ts'
import { type CannedAnswer, type RecordedRequest, startTestCloud } from '../test-cloud.ts'

interface Options {
  projects: string[]
  /** Keystone's answer to the wish for a project's token, where it is not the token. */
  scoping?: (project: string) => CannedAnswer | undefined
  /** Its answer to the first of all. */
  signIn?: () => CannedAnswer
  /** Whether the user's own token is good. */
  good?: () => boolean
  /** Nova's regions; none: the service is Huawei's. */
  nova?: Record<string, string>
}

export const unauthorised: CannedAnswer = {
  status: 401,
  body: {
    error: {
      code: 401,
      message: 'The request you have made requires authentication.',
      title: 'Unauthorized',
    },
  },
}

/** For tests: an IAM whose projects have their names as ids: `token-of-<project>` is what it gives for one. */
export async function startIam({ projects, scoping, signIn, good = () => true, nova = {} }: Options) {
  return startTestCloud(({ method, path, body, headers }) => {
    const self = String(headers['x-auth-token'] ?? '')
    if (path === '/v3/auth/projects') {
      if (!good()) return unauthorised
      return { body: { projects: projects.map((name) => ({ id: `id-${name}`, name, enabled: true })) } }
    }
    if (method === 'DELETE') return { status: 204, body: '' }
    if (method === 'GET') {
      if (!good()) return unauthorised
      if (!self.startsWith('token-of-')) return { body: unscopedToken }
      return { body: scopedToken(nova, `id-${self.slice('token-of-'.length)}`) }
    }
    const { auth } = JSON.parse(body)
    if (!auth.identity.methods.includes('token')) {
      return signIn?.() ?? { status: 201, headers: { 'x-subject-token': 'first' }, body: unscopedToken }
    }
    if (!good()) return unauthorised
    const { id } = auth.scope.project
    const name = id.slice('id-'.length)
    return (
      scoping?.(name) ?? {
        status: 201,
        headers: { 'x-subject-token': `token-of-${name}` },
        body: scopedToken(nova, id, name),
      }
    )
  })
}

export const password = {
  method: 'password',
  domain: 'acme',
  user: 'ops',
  password: 's3cret',
} as const satisfies IamCredentials
export const pause = async () => {}

export async function startOpenStack(options: Options, regions: string[] = []) {
  const iam = await startIam(options)
  const service = openStackIdentityService({
    authUrl: iam.endpoint,
    name: 'test',
    domain: 'Default',
    interface: 'public',
    regions,
    pause,
  })
  return { iam, service }
}

export const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof CloudError)) throw new Error('a CloudError was expected')
  return error.failure
}

export const scopings = (requests: RecordedRequest[]) =>
  requests
    .filter(({ method, body }) => method === 'POST' && body.includes('"token"'))
    .map(({ body }) => JSON.parse(body).auth.scope.project.id)
export const revoked = (requests: RecordedRequest[]) =>
  requests.filter(({ method }) => method === 'DELETE').map(({ headers }) => headers['x-subject-token'])
