import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../shared/clock.ts'
import type { CloudRole, SandboxProject, SandboxUser } from './directory.ts'
import { type AccessKey, refuseSignature } from './signature.ts'
import { roleOf, type TokenStore } from './tokens.ts'

export interface HuaweiCallers {
  region: string
  projects: readonly SandboxProject[]
  tokens: TokenStore
  accessKey: AccessKey
  /** The user who owns the access key */
  keyOwner: SandboxUser
  /** The body as it was sent */
  bodyOf: (request: FastifyRequest) => string
  clock: Clock
}

interface Caller {
  project: SandboxProject
  role: CloudRole
}

export const bmsError = (reply: FastifyReply, status: number, code: string, message: string) =>
  reply.code(status).send({ error: { code, message } })
export const gatewayError = (reply: FastifyReply, status: number, code: string, message: string) =>
  reply.code(status).send({ error_code: code, error_msg: message, request_id: randomUUID() })

/**
 * Lets only those through whom Huawei Cloud's API gateway knows, by a signature or a token of the project in the path.
 * @param api has `:project_id` in its prefix
 * @returns tells who made a request
 */
export function huaweiCallers(
  api: FastifyInstance,
  options: HuaweiCallers,
): (request: FastifyRequest) => Caller {
  const { region, projects, tokens, accessKey, keyOwner, clock } = options
  const callers = new WeakMap<FastifyRequest, Caller>()

  /** The caller's role in the project, or why the API gateway refuses the call */
  const identify = (request: FastifyRequest, projectId: string): CloudRole | null | { refused: string } => {
    const { method, url: target, headers } = request
    if (headers.authorization !== undefined) {
      const body = options.bodyOf(request)
      const refused = refuseSignature({ method, target, headers, body }, accessKey, clock.now())
      return refused === null ? (keyOwner.roles[projectId] ?? null) : { refused }
    }
    const token = tokens.find(headers['x-auth-token'])
    if (!token) return { refused: 'token expires' }
    return token.scope.kind === 'project' && token.scope.project.id === projectId ? roleOf(token) : null
  }

  // This hook runs after the body was read, since a signature covers the body.
  api.addHook('preValidation', async (request, reply) => {
    const { project_id: id } = z.object({ project_id: z.string() }).parse(request.params)
    const role = identify(request, id)
    if (typeof role === 'object' && role)
      return gatewayError(
        reply,
        401,
        'APIGW.0301',
        `Incorrect IAM authentication information: ${role.refused}`,
      )
    const project = projects.find((each) => each.id === id && each.region === region)
    if (!role || !project)
      return bmsError(reply, 400, 'Common.0018', 'tenantId in token is not the same with in URL.')
    callers.set(request, { project, role })
  })
  return (request) => {
    const known = callers.get(request)
    if (!known) throw new Error('the hook lets no unknown caller through')
    return known
  }
}
