import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { ApiError } from '../shared/api.ts'
import type { Cause, Failure } from '../shared/cause.ts'
import { CloudError } from './clouds/cloud.ts'
import { loggedFailure } from './logged-failure.ts'
import { bareHeaders } from './security-headers.ts'
import { StoreError, StoreFull } from './store/store.ts'

/** The HTTP status for each cause that can end a request. */
const statuses: Partial<Record<Cause, number>> = {
  'bad-request': 400,
  'signed-out': 401,
  'no-permission': 403,
  'sign-in-needed': 401,
  'credentials-refused': 401,
  'code-needed': 401,
  'sign-in-failed': 400,
  'sign-in-throttled': 429,
  'no-role': 403,
  'no-project': 403,
  'launch-refused': 401,
  'embed-off': 404,
  'role-forbids': 403,
  'server-not-found': 404,
  'server-not-ready': 409,
  'server-not-running': 409,
  'server-busy': 409,
  'unsupported-os': 409,
  'no-serial-console': 409,
  throttled: 429,
  'session-limit': 409,
  'user-limit': 409,
  'in-use': 409,
  'cloud-error': 502,
  'no-endpoint': 502,
  'answer-too-long': 502,
  'cloud-unreachable': 502,
  'console-url-refused': 502,
  'gateway-not-encrypted': 502,
  'gateway-forbidden': 502,
  'proxy-restarting': 503,
  'line-moved': 503,
  'store-unreachable': 503,
  'too-many-requests': 429,
  overloaded: 503,
  'cloud-timeout': 504,
}

/** What an answer that has begun says of an error. An unforeseen one is logged whole, and the answer says nothing of it. */
export function failureFor(error: unknown, request: FastifyRequest): Failure {
  if (error instanceof CloudError) {
    request.log.warn(loggedFailure(error.failure), 'refused')
    return error.failure
  }
  const store = storeFailure(error)
  if (store) {
    request.log.warn({ err: error }, 'the store failed')
    return store
  }
  request.log.error({ err: error }, 'request failed')
  return unforeseen
}

/** @returns null: it is no error of the store */
function storeFailure(error: unknown): Failure | null {
  if (error instanceof StoreFull) return { cause: 'overloaded', detail: 'The memory has no room for more.' }
  return error instanceof StoreError ? { cause: 'store-unreachable' } : null
}

const unforeseen = {
  cause: 'proxy-error',
  detail: 'BMS Console failed; its log has the reason.',
} as const satisfies Failure

/** Every error leaves as an `ApiError`. An unforeseen one is logged whole, and its answer says nothing of it. */
export function answerError(error: FastifyError | CloudError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof CloudError) {
    const failure = failureFor(error, request)
    if (failure.retryAfter !== undefined) reply.header('retry-after', Math.ceil(failure.retryAfter))
    return reply.code(statuses[failure.cause] ?? 500).send({ error: failure } satisfies ApiError)
  }
  const store = storeFailure(error)
  if (store) {
    request.log.warn({ err: error }, 'the store failed')
    return reply.code(503).send({ error: store } satisfies ApiError)
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0]
    const where = `${error.validationContext ?? 'request'}${first?.instancePath ?? ''}`
    return fail(reply, 400, 'bad-request', `${where}: ${first?.message ?? 'not valid'}`)
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return fail(reply, status, 'bad-request', error.message)
  return reply.code(500).send({ error: failureFor(error, request) } satisfies ApiError)
}

export function fail(reply: FastifyReply, status: number, cause: Cause, detail: string) {
  return reply.code(status).send({ error: { cause, detail } } satisfies ApiError)
}

/** Answers what Node could not read as a request. No route and no hook sees it. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = brokenStatuses.get(error.code ?? '') ?? 400
  const body = JSON.stringify({
    error: { cause: 'bad-request', detail: `${STATUS_CODES[status]}.` },
  } satisfies ApiError)
  const headers = {
    ...bareHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}

/** https://nodejs.org/api/http.html#event-clienterror */
const brokenStatuses: ReadonlyMap<string, number> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
])
