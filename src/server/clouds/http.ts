import type { z } from 'zod'
import type { Failure } from '../../shared/cause.ts'
import { type Clock, systemClock } from '../../shared/clock.ts'
import { Deadline, Lifetime } from '../deadline.ts'
import { inTurns } from '../in-turns.ts'
import { jsonOf } from '../json.ts'
import { AnswerTooLong } from '../outbound/bounded.ts'
import { type Caller, callerOver } from '../outbound/caller.ts'
import type { ProxySettings } from '../outbound/proxies.ts'
import { CloudError } from './cloud.ts'
import { connectionError, type RefusedAnswer, readError, unintelligible } from './errors.ts'

const MIB = 1024 * 1024
/** What one answer may have, decoded. A page of 1,000 servers has 2 to 10 MiB. */
const ANSWER_LIMIT = 32 * MIB
/** What all pages of one list may have together. */
const LIST_LIMIT = 256 * MIB

/** Bytes that several answers share. */
export interface ByteBudget {
  left: number
}
export const listBudget = (): ByteBudget => ({ left: LIST_LIMIT })

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'DELETE'
  url: URL
  headers: Record<string, string>
  body: string
  /** Finds out more about a refusal than a status and a code say. */
  refusal?: (failure: Failure, answer: RefusedAnswer) => Failure
  /** The answer's bytes are taken from it. */
  budget?: ByteBudget
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
   * Takes note of a 401 to a request with these headers.
   * @returns true where the request may succeed once it is authorised anew
   */
  discard(headers: Readonly<Record<string, string>>): boolean
  /** What no error may repeat, should the cloud answer with what it was sent. */
  secrets(): string[]
}

export interface CloudHttpOptions {
  /** For each call, answer included. */
  timeoutMs?: number | undefined
  caller?: Caller | undefined
  /** For the usual caller */
  proxies?: ProxySettings | undefined
  clock?: Clock | undefined
  /** Bytes of one answer, decoded */
  answerLimit?: number | undefined
}

/** Calls to a cloud's API, with their time limit and the one retry. Rejects with a `CloudError` and nothing else. */
export class CloudHttp {
  readonly #timeoutMs: number
  readonly #caller: Caller
  readonly #answerLimit: number
  readonly #closing = new Lifetime()
  readonly clock: Clock

  constructor(options: CloudHttpOptions = {}) {
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#caller = options.caller ?? callerOver({ proxies: options.proxies })
    this.#answerLimit = options.answerLimit ?? ANSWER_LIMIT
    this.clock = options.clock ?? systemClock
  }

  /**
   * Tries once more if the call never arrived or the cloud was briefly away. Only for calls that change nothing there.
   */
  sendTwice(request: OutgoingRequest, secrets: readonly string[]): Promise<CloudAnswer> {
    return this.#twice(() => this.send(request, secrets))
  }

  /**
   * Tries once.
   * @param secrets what is sent in confidence, so that no error repeats it
   */
  async send(request: OutgoingRequest, secrets: readonly string[]): Promise<CloudAnswer> {
    const deadline = new Deadline(this.#timeoutMs, this.#closing)
    try {
      const { method, url, budget = { left: this.#answerLimit } } = request
      const { status, headers, bytes } = await this.#caller({
        method,
        url,
        headers: request.headers,
        body: request.body,
        signal: deadline.signal,
        limit: Math.min(this.#answerLimit, budget.left),
      })
      budget.left -= bytes.byteLength
      const body = new TextDecoder().decode(bytes)
      // OpenStack lists an API's versions with 300, Multiple Choices: a good answer with a body.
      if ((status < 200 || status > 299) && status !== 300) {
        const answer = { status, headers, body }
        const error = readError(answer, secrets, this.clock.now())
        throw request.refusal ? new CloudError(request.refusal(error.failure, answer)) : error
      }
      return { headers, json: jsonOf(body) }
    } catch (error) {
      if (error instanceof AnswerTooLong)
        throw new CloudError({ cause: 'answer-too-long', detail: `${request.url.host}: ${error.message}` })
      throw connectionError(error, deadline.late, request.url.host, this.#timeoutMs)
    } finally {
      deadline.release()
    }
  }

  /**
   * Calls with credentials. If the cloud no longer takes them, it authorises the call anew, once. Only a GET is retried.
   * @param what names the answer in the error if it is not as documented
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
      // Asking for a token has its own retry: only the call itself is repeated here.
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
    this.#closing.end()
  }

  async #twice(go: () => Promise<CloudAnswer>): Promise<CloudAnswer> {
    try {
      return await go()
    } catch (error) {
      const { failure } = error as CloudError
      const passing = failure.cause === 'cloud-unreachable' || failure.cause === 'cloud-error'
      // A cloud that says when to come back must not be asked before that. A call that timed out is not repeated.
      if (!passing || failure.retryAfter !== undefined || this.#closing.isOver) throw error
      await new Promise<void>((resolve) => this.clock.after(200 + Math.random() * 300, resolve))
      return go()
    }
  }
}

/** Parses the things of a list. They are many, so others have their turn in between. @throws CloudError */
export const parseEach = <T>(things: readonly unknown[], schema: z.ZodType<T>, what: string): Promise<T[]> =>
  inTurns(things, (thing) => {
    const parsed = schema.safeParse(thing)
    if (!parsed.success) throw unintelligible(what)
    return parsed.data
  })
