import { CloudError } from '../../server/clouds/cloud.ts'
import { openOpenStack } from '../../server/clouds/openstack/open.ts'
import { ImpatientClock } from '../clock.ts'
import { projectId, scopedToken, server21, version, versions } from './openstack-answers.ts'
import { type CannedAnswer, ours, type RecordedRequest, startTestCloud } from './test-cloud.ts'

export type Answer = (request: RecordedRequest, index: number) => CannedAnswer | undefined

interface Options {
  /** The end of the endpoint in the catalog */
  path?: string
  /** Nova's newest microversion, by its version document */
  newest?: string | null
  accepts?: (token: string) => boolean
  credentials?: Parameters<typeof openOpenStack>[0]['own']
  /** Other services in the catalog, by type. They are at Nova's port, below this path. */
  services?: Readonly<Record<string, string>>
}

const endpointOf = { interface: 'public', region: 'RegionOne', region_id: 'RegionOne', id: 'e' }

const unauthorised: CannedAnswer = {
  status: 401,
  headers: { 'www-authenticate': 'Keystone uri="http://example.com/identity"' },
  body: {
    error: {
      message: 'The request you have made requires authentication.',
      code: 401,
      title: 'Unauthorized',
    },
  },
}

/** Starts Keystone and Nova, each on its own port. `answer` answers for Nova, except for the versions. */
export async function start(answer: Answer, options: Options = {}) {
  const { path = '/v2.1', newest = '2.100', accepts = () => true, services = {} } = options
  const nova = await startTestCloud((request, index) => {
    if (!accepts(String(request.headers['x-auth-token']))) return unauthorised
    const given = answer(request, index)
    if (given) return given
    if (newest === null) return { status: 404, body: '' }
    if (/\/v2(\.1)?\/$/.test(request.path)) return { body: version(newest) }
    if (request.path.endsWith('/')) return { status: 300, body: versions(newest) }
    return { status: 404, body: { itemNotFound: { code: 404, message: 'The resource could not be found.' } } }
  })
  let issued = 0
  const keystone = await startTestCloud(() => {
    issued += 1
    const body = scopedToken({ RegionOne: `${nova.endpoint}${path}` })
    for (const [type, below] of Object.entries(services)) {
      const endpoint = { ...endpointOf, url: `${nova.endpoint}${below}` }
      body.token.catalog.push({ type, endpoints: [endpoint], id: type, name: type })
    }
    return { status: 201, headers: { 'x-subject-token': `token-${issued}` }, body }
  })
  const cloud = openOpenStack(
    {
      name: 'test',
      authUrl: keystone.endpoint,
      interface: 'public',
      regions: ['RegionOne'],
      tls: { ca: null, verify: true },
      domain: null,
      own: options.credentials ?? {
        credentials: { kind: 'password', user: { id: 'u' }, password: 'devstacker' },
        scope: { project: { id: projectId } },
        from: 'the test',
      },
      timeoutMs: undefined,
    },
    { clock: new ImpatientClock() },
  )
  /** The requests to Nova, except for the versions */
  const asked = () => nova.requests.map(ours).filter((request) => !request.path.endsWith('/'))
  return { cloud, nova, keystone, asked }
}

export const cause = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof CloudError ? error.failure.cause : String(error)),
  )

const json = { accept: 'application/json', 'content-type': 'application/json' }
export const at = (microversion: string | null, token = 'token-1') => ({
  ...json,
  'x-auth-token': token,
  ...(microversion ? { 'openstack-api-version': `compute ${microversion}` } : {}),
})
export const id = server21.id
