import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { Failure } from '../../shared/cause.ts'
import { CloudError } from './cloud.ts'
import { connectionError, type RefusedAnswer, readError, unintelligible } from './errors.ts'

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'DELETE'
  url: URL
  headers: Record<string, string>
  body: string
  /** Tells more of a refusal than any caller would know of it. */
  refusal?: (failure: Failure, answer: RefusedAnswer) => Failure
}

export interface CloudAnswer {
  headers: Headers
  /** undefined where the body is not JSON */
  json: unknown
}

/** Puts credentials on requests. */
export interface Authoriser {
  /** @returns all headers to send, the request's own among them. @throws CloudError */
  authorise(request: OutgoingRequest): Promise<Record<string, string>>
  /**
   * Told of a 401 to a request with these headers.
   * @returns true where authorising it anew may mend it
   */
  discard(headers: Readonly<Record<string, string>>): boolean
  /** What must never be told, should the cloud repeat what it was sent. */
  secrets(): string[]
}

export interface CloudHttpOptions {
  /** Per call, answer included. */
  timeoutMs?: number | undefined
  fetch?: typeof fetch | undefined
  now?: (() => number) | undefined
  /** Waits before the one retry. */
  pause?: ((ms: number) => Promise<unknown>) | undefined
}

/** Calls to a cloud's API, with their time limit and the one retry. Rejects with a `CloudError` and nothing else. */
export class CloudHttp {
  readonly #timeoutMs: number
  readonly #fetch: typeof fetch
  readonly #pause: (ms: number) => Promise<unknown>
  readonly #closing = new AbortController()
  readonly now: () => number

  constructor(options: CloudHttpOptions = {}) {
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#fetch = options.fetch ?? fetch
    this.#pause = options.pause ?? delay
    this.now = options.now ?? Date.now
  }

  /** Once more where the call never arrived or the cloud was briefly away: for what changes nothing in the cloud. */
  sendTwice(request: OutgoingRequest, secrets: readonly string[]): Promise<CloudAnswer> {
    return this.#twice(() => this.send(request, secrets))
  }

  /**
   * One try.
   * @param secrets what is sent in confidence, so that no error repeats it
   */
  async send(request: OutgoingRequest, secrets: readonly string[]): Promise<CloudAnswer> {
    const timeout = AbortSignal.timeout(this.#timeoutMs)
    try {
      const response = await this.#fetch(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.body ? { body: request.body } : {}),
        // A redirect would carry the credentials to another host.
        redirect: 'manual',
        signal: AbortSignal.any([timeout, this.#closing.signal]),
      })
      const body = await response.text()
      // "Multiple Choices" is how OpenStack answers with the versions of an API: an answer, with a body.
      if (!response.ok && response.status !== 300) {
        const answer = { status: response.status, headers: response.headers, body }
        const error = readError(answer, secrets, this.now())
        throw request.refusal ? new CloudError(request.refusal(error.failure, answer)) : error
      }
      return { headers: response.headers, json: parseJson(body) }
    } catch (error) {
      throw connectionError(error, timeout.aborted, request.url.host, this.#timeoutMs)
    }
  }

  /**
   * A call with credentials, authorised anew once where the cloud no longer takes them. Only a GET is repeated.
   * @param what the answer's name in the error, should it not be as documented
   */
  async call<T>(
    authoriser: Authoriser,
    request: OutgoingRequest,
    schema: z.ZodType<T>,
    what: string,
  ): Promise<T> {
    let headers: Record<string, string> | null = null
    const go = async () => {
      headers = null
      // Asking for a token repeats itself where it must: only the call proper is repeated here.
      headers = await authoriser.authorise(request)
      const secrets = [...authoriser.secrets(), headers['x-auth-token'] ?? '']
      const authorised = { ...request, headers }
      return request.method === 'GET' ? this.sendTwice(authorised, secrets) : this.send(authorised, secrets)
    }
    const answer = await go().catch((error: CloudError) => {
      if (error.failure?.cause !== 'signed-out' || !headers || !authoriser.discard(headers)) throw error
      return go()
    })
    const parsed = schema.safeParse(answer.json)
    if (!parsed.success) throw unintelligible(what)
    return parsed.data
  }

  close(): void {
    this.#closing.abort()
  }

  async #twice(go: () => Promise<CloudAnswer>): Promise<CloudAnswer> {
    try {
      return await go()
    } catch (error) {
      const { failure } = error as CloudError
      const passing = failure.cause === 'cloud-unreachable' || failure.cause === 'cloud-error'
      // A cloud that says when to come back must not be asked before. Nor is it after the time was used up.
      if (!passing || failure.retryAfter !== undefined || this.#closing.signal.aborted) throw error
      await this.#pause(200 + Math.random() * 300)
      return go()
    }
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
