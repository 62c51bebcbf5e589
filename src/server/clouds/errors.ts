import { z } from 'zod'
import type { Cause, Failure } from '../../shared/cause.ts'
import { visibleText } from '../../shared/visible.ts'
import { wayError } from '../outbound/way-error.ts'
import { CloudError } from './cloud.ts'

const code = z.union([z.string(), z.number()]).optional()

/** BMS and IAM: `{"error":{"code","message"}}`. */
const Wrapped = z.object({ error: z.object({ code, message: z.string().optional() }) })
/** The API gateway's shape. Some BMS answers have it, too. */
const Flat = z.object({
  error_code: z.string(),
  error_msg: z.string().optional(),
  request_id: z.string().optional(),
})
/** Nova names the fault in the key: forbidden, badRequest, itemNotFound, conflictingRequest, computeFault … */
const Nova = z.record(z.string(), z.object({ code: z.number(), message: z.string().optional() }))

/**
 * Codes that say more than their HTTP status, which is 400 for nearly all of BMS.
 * https://support.huaweicloud.com/intl/en-us/api-bms/ (error codes)
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
 */
const codes: ReadonlyMap<string, Cause> = new Map([
  ['BMS.0004', 'no-permission'],
  ['BMS.0005', 'no-permission'],
  ['BMS.0033', 'no-permission'],
  ['BMS.0213', 'no-permission'],
  ['BMS.0288', 'no-permission'],
  ['BMS.0032', 'signed-out'],
  ['BMS.3011', 'signed-out'],
  ['BMS.0040', 'server-not-found'],
  // The server is powering on, powering off or rebooting, and takes no other action meanwhile.
  ['BMS.0035', 'server-not-ready'],
  ['BMS.0036', 'server-not-ready'],
  ['BMS.0037', 'server-not-ready'],
  ['BMS.0039', 'server-not-running'],
  ['BMS.0395', 'unsupported-os'],
  ['BMS.0212', 'throttled'],
  // The token is of another project than the one asked for.
  ['Common.0018', 'no-permission'],
  // The API gateway knows no such API, or has nothing behind it. So the endpoint is wrong; the server is not gone.
  ['APIGW.0101', 'bad-request'],
  ['APIGW.0103', 'bad-request'],
])

const statuses: ReadonlyMap<number, Cause> = new Map([
  [401, 'signed-out'],
  [403, 'no-permission'],
  [404, 'server-not-found'],
  [408, 'cloud-timeout'],
  [409, 'server-not-ready'],
  // Nova's `overLimit`.
  [413, 'throttled'],
  [429, 'throttled'],
  [504, 'cloud-timeout'],
])

/** The cause by status alone, for a body that says nothing. Other 4xx are our mistake: repeating cannot help. */
const causeOf = (status: number): Cause =>
  statuses.get(status) ?? (status >= 400 && status < 500 ? 'bad-request' : 'cloud-error')

/** An answer that is not 2xx. */
export interface RefusedAnswer {
  status: number
  headers: Headers
  body: string
}

/**
 * Reads a refusal in any of the documented shapes, or in none.
 * @param secrets what was sent in confidence: a cloud's answer may repeat it
 */
export function readError(answer: RefusedAnswer, secrets: readonly string[], now: number): CloudError {
  const { status, headers } = answer
  const found = readBody(answer.body)
  // The gateway of older regions calls itself APIG.
  const cause = codes.get(found.code?.replace(/^APIG\./, 'APIGW.') ?? '') ?? causeOf(status)
  const requestId = found.requestId ?? headers.get('x-request-id') ?? undefined
  const retryAfter = readRetryAfter(headers, now)
  const failure: Failure = {
    cause,
    detail: found.message
      ? `The cloud answered HTTP ${status}: ${withoutSecrets(found.message, secrets)}`
      : `The cloud answered HTTP ${status} without a reason.`,
    ...(found.code === undefined ? {} : { code: withoutSecrets(found.code, secrets) }),
    ...(requestId === undefined ? {} : { requestId: withoutSecrets(requestId, secrets) }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
  return new CloudError(failure)
}

function readBody(body: string): {
  code?: string
  message?: string | undefined
  requestId?: string | undefined
} {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return {}
  }
  const flat = Flat.safeParse(json).data
  if (flat) return { code: flat.error_code, message: flat.error_msg, requestId: flat.request_id }
  const wrapped = Wrapped.safeParse(json).data
  if (wrapped) {
    const { code, message } = wrapped.error
    return { ...(code === undefined ? {} : { code: String(code) }), message }
  }
  const nova = Object.values(Nova.safeParse(json).data ?? {})[0]
  return nova ? { code: String(nova.code), message: nova.message } : {}
}

/**
 * Seconds, from either form of the header (RFC 9110 section 10.2.3). A date is compared with the answer's own, because
 * the cloud's clock may be another one than ours.
 */
function readRetryAfter(headers: RefusedAnswer['headers'], now: number): number | undefined {
  const value = headers.get('retry-after')
  if (!value) return undefined
  if (/^\d+$/.test(value)) return Number(value)
  const date = Date.parse(value)
  if (Number.isNaN(date)) return undefined
  const answered = Date.parse(headers.get('date') ?? '')
  return Math.max(0, Math.ceil((date - (Number.isNaN(answered) ? now : answered)) / 1000))
}

/** `server-not-ready` speaks of a console, which is tried again. A power action is not: the state forbids it. */
export const powerRefusal = (failure: Failure): Failure =>
  failure.cause === 'server-not-ready' ? { ...failure, cause: 'server-busy' } : failure

/** Why a job failed that the cloud had accepted. */
export function jobFailure({ code, reason }: { code?: string; reason?: string }): Failure {
  return powerRefusal({
    cause: (code === undefined ? undefined : codes.get(code)) ?? 'cloud-error',
    detail: reason
      ? `The cloud's job failed: ${withoutSecrets(reason, [])}`
      : "The cloud's job failed without a reason.",
    ...(code === undefined ? {} : { code: withoutSecrets(code, []) }),
  })
}

const MAX_MESSAGE = 500

/**
 * Takes secrets out of a cloud's message, which may repeat what it was sent: the known ones in every form in which they
 * travel, then what is named like one, then long opaque words. It cuts the message last, so that no half secret is left.
 */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  let clean = message
  for (const secret of secrets) {
    const forms = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret]
    for (const form of forms) if (form !== '') clean = clean.replaceAll(form, '[secret]')
  }
  const shown = clean
    .replace(/(token|password|secret|signature|access)(\\*["']?\s*[=:]\s*)("[^"]*"|\S+)/gi, '$1$2[secret]')
    .replace(/[A-Za-z0-9+/_-]{40,}={0,2}/g, '[secret]')
    .slice(0, MAX_MESSAGE)
  return visibleText(shown)
}

/** The error of a call that got no answer. */
export function connectionError(
  error: unknown,
  timedOut: boolean,
  host: string,
  timeoutMs: number,
): CloudError {
  if (error instanceof CloudError) return error
  if (timedOut) {
    return new CloudError({
      cause: 'cloud-timeout',
      detail: `${host} did not answer within ${timeoutMs / 1000} s.`,
    })
  }
  const { fault, message } = wayError(error, host)
  return new CloudError({
    cause: fault === 'timeout' || fault === 'proxy-timeout' ? 'cloud-timeout' : 'cloud-unreachable',
    detail: message,
    ...(fault === null ? {} : { fault }),
  })
}

export const unintelligible = (what: string) =>
  new CloudError({ cause: 'cloud-error', detail: `The cloud's ${what} is not as documented.` })
