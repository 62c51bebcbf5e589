import { z } from 'zod'
import type { Cause, Failure } from '../../../shared/cause.ts'
import { CloudError } from '../cloud.ts'

const code = z.union([z.string(), z.number()]).optional()

/** BMS and IAM: `{"error":{"code","message"}}`. */
const Wrapped = z.object({ error: z.object({ code, message: z.string().optional() }) })
/** API gateway, and some BMS answers, flat. */
const Flat = z.object({
  error_code: z.string(),
  error_msg: z.string().optional(),
  request_id: z.string().optional(),
})
/** Nova names the fault in the key: forbidden, badRequest, itemNotFound, conflictingRequest, computeFault … */
const Nova = z.record(z.string(), z.object({ code: z.number(), message: z.string().optional() }))

/** Codes that say more than their HTTP status. https://support.huaweicloud.com/intl/en-us/api-bms/ (error codes) */
const codes: Readonly<Record<string, Cause>> = {
  'BMS.0004': 'no-permission',
  'BMS.0005': 'no-permission',
  'BMS.0033': 'no-permission',
  'BMS.0032': 'signed-out',
}

const statuses: Readonly<Record<number, Cause>> = {
  400: 'bad-request',
  401: 'signed-out',
  403: 'no-permission',
  404: 'server-not-found',
  409: 'server-not-ready',
  429: 'throttled',
  504: 'cloud-timeout',
}

/** Reads an answer that is not 2xx, in any of the documented shapes or none. */
export function readError(status: number, headers: Headers, body: string, now: number): CloudError {
  const found = readBody(body)
  const cause = (found.code && codes[found.code]) || statuses[status] || 'cloud-error'
  const requestId = found.requestId ?? headers.get('x-request-id') ?? undefined
  const retryAfter = readRetryAfter(headers.get('retry-after'), now)
  const failure: Failure = {
    cause,
    detail: found.message
      ? `The cloud answered HTTP ${status}: ${withoutSecrets(found.message)}`
      : `The cloud answered HTTP ${status} without a reason.`,
    ...(found.code === undefined ? {} : { code: found.code }),
    ...(requestId === undefined ? {} : { requestId }),
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

/** Seconds, from either form of the header (RFC 9110 section 10.2.3). */
function readRetryAfter(value: string | null, now: number): number | undefined {
  if (!value) return undefined
  if (/^\d+$/.test(value)) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

/** A cloud's message may repeat what it was sent: long opaque words and queries are left out. */
function withoutSecrets(message: string): string {
  return message
    .slice(0, 500)
    .replace(/(token|password|secret|signature|access)(["']?\s*[=:]\s*)\S+/gi, '$1$2[secret]')
    .replace(/[A-Za-z0-9+/_-]{40,}={0,2}/g, '[secret]')
}

/** A call that got no answer at all. */
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
  const inner = error instanceof Error ? error.cause : undefined
  const reason = inner instanceof Error && 'code' in inner ? ` (${String(inner.code)})` : ''
  return new CloudError({ cause: 'cloud-unreachable', detail: `${host} cannot be reached${reason}.` })
}

export const unintelligible = (what: string) =>
  new CloudError({ cause: 'cloud-error', detail: `The cloud's ${what} is not as documented.` })
