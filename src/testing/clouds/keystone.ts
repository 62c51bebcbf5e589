import { CloudError } from '../../server/clouds/cloud.ts'
import { openStackIdentityService } from '../../server/clouds/openstack/identity-service.ts'
import type { IamCredentials } from '../../shared/sign-in.ts'
import { ImpatientClock } from '../clock.ts'
import { scopedToken, unscopedToken } from './openstack-answers.ts'
import { type CannedAnswer, type RecordedRequest, startTestCloud } from './test-cloud.ts'

interface Options {
  projects: string[]
  /** Answers a request for a project's token. undefined: with the token */
  scoping?: (project: string) => CannedAnswer | undefined
  /** Answers the sign-in itself. */
  signIn?: () => CannedAnswer
  /** Whether the user's own token is good */
  good?: () => boolean
  /** Nova by region; empty for Huawei Cloud */
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

/** Starts an IAM. A project's id is `id-<name>`, and its token is `token-of-<name>`. */
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

export async function startOpenStack(options: Options, regions: string[] = []) {
  const iam = await startIam(options)
  const service = openStackIdentityService({
    authUrl: iam.endpoint,
    name: 'test',
    domain: 'Default',
    interface: 'public',
    regions,
    clock: new ImpatientClock(),
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
