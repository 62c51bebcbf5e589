import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Tokens } from '../tokens.ts'
import { ApiFailure, errorBody } from './errors.ts'
import { type Account, registerIam } from './iam.ts'
import { registerServers, type ServerRoutes } from './servers.ts'
import { signatureFault } from './signature.ts'

/** One call that the API got: enough to count and compare, nothing that is a secret. */
export interface RecordedRequest {
  method: string
  path: string
  query: Record<string, string>
  auth: 'token' | 'aksk' | 'none'
}

export interface ApiOptions extends ServerRoutes {
  account: Account
  keys: { accessKey: string; secretKey: string }
  iamTokens: Tokens<{ projectId: string }>
  now: () => number
  record: (request: RecordedRequest) => void
}

/** The cloud's HTTP API: IAM and BMS on one listener. It does not listen yet. */
export function buildApi(options: ApiOptions): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  })
  const bodies = new WeakMap<FastifyRequest, Buffer>()

  // The signature is over the bytes as they came, so they are kept beside what they mean.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    bodies.set(request, body)
    if (body.length === 0) return undefined
    try {
      return JSON.parse(body.toString('utf8'))
    } catch {
      throw new ApiFailure(400, { shape: 'bms', message: 'Fail to parse request, reason: it is not JSON.' })
    }
  })

  app.addHook('onRequest', async (request) => {
    const url = new URL(request.url, 'http://sandbox.invalid')
    options.record({
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      auth: request.headers['x-auth-token'] ? 'token' : request.headers.authorization ? 'aksk' : 'none',
    })
  })
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ApiFailure) return reply.code(error.status).send(errorBody(error.status, error.told))
    return reply.code(500).send(errorBody(500))
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(
      errorBody(404, {
        shape: 'apigw',
        message: 'The API does not exist or has not been published in the environment',
      }),
    ),
  )

  registerIam(app, options)
  app.register(
    async (scope) => {
      scope.addHook('preHandler', async (request) => {
        authenticate(request, bodies.get(request) ?? Buffer.alloc(0), options)
      })
      registerServers(scope, options)
    },
    { prefix: '/v1/:project' },
  )
  return app
}

/** @throws ApiFailure 401 of the API gateway when the caller is not known, 403 in a foreign project */
function authenticate(request: FastifyRequest, body: Buffer, options: ApiOptions): void {
  const token = request.headers['x-auth-token']
  if (typeof token === 'string') {
    if (!options.iamTokens.find(token)) throw signedOut('decrypt token fail')
  } else if (request.headers.authorization) {
    const fault = signatureFault(
      { method: request.method, url: request.url, headers: request.headers, body },
      options.keys,
      options.now(),
    )
    if (fault) throw signedOut(fault)
  } else {
    throw signedOut('x-auth-token not found')
  }
  const project = projectOf(request.params)
  const named = request.headers['x-project-id']
  if (project !== options.projectId || (named !== undefined && named !== options.projectId)) {
    throw new ApiFailure(403, {
      shape: 'nova',
      message: 'The project in the URL is not the project of the credentials.',
    })
  }
}

const projectOf = (params: unknown) =>
  typeof params === 'object' && params !== null && 'project' in params ? params.project : undefined

const signedOut = (reason: string) =>
  new ApiFailure(401, {
    shape: 'apigw',
    code: 'APIGW.0301',
    message: `Incorrect IAM authentication information: ${reason}`,
  })
