import type { FastifyReply } from 'fastify'
import { z } from 'zod'

/** https://opendev.org/openstack/nova/src/branch/master/nova/api/openstack/wsgi.py (`Fault`) */
const faultNames: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
  429: 'overLimit',
}

export class NovaFault extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 406 | 409 | 429,
    message: string,
    /** Seconds */
    readonly retryAfter?: string,
  ) {
    super(message)
  }
}

export function sendFault(error: unknown, reply: FastifyReply): FastifyReply {
  const fault =
    error instanceof NovaFault
      ? error
      : new NovaFault(400, error instanceof z.ZodError ? invalid(error) : 'Malformed request body')
  const { status: code, message, retryAfter } = fault
  if (retryAfter) reply.header('retry-after', retryAfter)
  const name = faultNames[code] ?? 'computeFault'
  return reply.code(code).send({ [name]: { code, message, ...(retryAfter ? { retryAfter } : {}) } })
}

/** https://opendev.org/openstack/nova/src/branch/master/nova/api/validation/validators.py */
function invalid({ issues: [issue] }: z.ZodError): string {
  const field = issue?.path.at(-1)
  if (!issue || field === undefined) return issue?.message ?? 'Malformed request body'
  const value = JSON.stringify(issue.input) ?? 'None'
  return `Invalid input for field/attribute ${String(field)}. Value: ${value.replaceAll('"', '')}. ${issue.message}`
}

/**
 * Refuses a token as the middleware in front of each OpenStack service does.
 * https://docs.openstack.org/keystonemiddleware/latest/middlewarearchitecture.html
 */
export const refuseAsKeystoneMiddleware = (identityUri: string, reply: FastifyReply): FastifyReply =>
  reply
    .code(401)
    .header('www-authenticate', `Keystone uri="${identityUri}"`)
    .send({
      error: {
        code: 401,
        title: 'Unauthorized',
        message: 'The request you have made requires authentication.',
      },
    })
