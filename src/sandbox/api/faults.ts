import type { FastifyReply } from 'fastify'
import { type ErrorShape, errorBody } from './errors.ts'

/** What a test can make answer wrongly. */
export type Operation = 'token' | 'list' | 'detail' | 'remote_console'

/** One wrong answer. */
export type Fault =
  | {
      kind: 'status'
      status: 400 | 401 | 403 | 404 | 409 | 429 | 500
      /** Whose words: without it, those of the service that would say so (see `errorBody`). */
      shape?: ErrorShape
      code?: string
      message?: string
      /** Seconds, as the `Retry-After` header; for 429, 7 unless told. */
      retryAfter?: number
    }
  /** The request is taken and never answered. */
  | { kind: 'hang' }
  /** 200 with a body that is not JSON, though it says so. */
  | { kind: 'malformed-json' }
  /** `remote_console` alone: this URL instead of the gateway's. */
  | { kind: 'console-url'; url: string }
  /** `remote_console` alone: a link whose token has expired before anybody used it. */
  | { kind: 'expired-token' }

/** The faults that are switched on. */
export class Faults {
  readonly #active = new Map<Operation, { fault: Fault; left: number }>()

  /** @param times how many calls it spoils; all of them unless told */
  set(operation: Operation, fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#active.set(operation, { fault, left: times })
  }

  /** Everything answers as it should again, or only the operation named. */
  clear(operation?: Operation): void {
    if (operation) this.#active.delete(operation)
    else this.#active.clear()
  }

  /** The fault of this call, which it uses up once. */
  take(operation: Operation): Fault | null {
    const active = this.#active.get(operation)
    if (!active) return null
    active.left -= 1
    if (active.left <= 0) this.#active.delete(operation)
    return active.fault
  }
}

/** A fault that is an answer, unlike those that only change the console's link. */
type WrongAnswer = Exclude<Fault, { kind: 'console-url' | 'expired-token' }>

export function answersItself(fault: Fault): fault is WrongAnswer {
  return fault.kind !== 'console-url' && fault.kind !== 'expired-token'
}

/** Answers, or for ever does not, as the fault says. */
export async function answerFault(reply: FastifyReply, fault: WrongAnswer): Promise<FastifyReply> {
  switch (fault.kind) {
    case 'status': {
      const retryAfter = fault.retryAfter ?? (fault.status === 429 ? 7 : undefined)
      if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
      return reply.code(fault.status).send(errorBody(fault.status, fault))
    }
    case 'hang':
      reply.hijack()
      return reply
    case 'malformed-json':
      return reply.code(200).header('content-type', 'application/json').send('{"remote_console":{"type":"ser')
  }
}
