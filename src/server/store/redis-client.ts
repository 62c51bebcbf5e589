import { createClient } from '@redis/client'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import { StoreError } from './store.ts'

/** An answer takes well below 1 ms. Whoever asks would rather know that none comes. */
const ANSWER_MS = 1_000
export const CONNECT_MS = 2_000
/** A store that is cut off without a word is found by pings. */
const PING_MS = 1_000
const SILENT_MS = 3_000
/** The waits between tries to connect again: the first, and the longest */
const RETRY_MS = 50
const MAX_RETRY_MS = 1_000

export type RedisClient = ReturnType<typeof clientOf>

export const clientOf = (url: string) =>
  createClient({
    url,
    // A command that waits for a connection would be done when nobody wants it any more.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (retries) =>
        Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(retries, 5)) * (0.5 + Math.random() / 2),
    },
  })

/**
 * Waits no longer than it makes sense to. A connection that answers nothing for longer is closed by its own pings.
 * @throws StoreError
 */
export function answered<T>(reply: Promise<T>, clock: Clock = steadyClock, ms = ANSWER_MS): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new StoreError(`The store gave no answer in ${ms} ms.`)))
    reply.then(resolve, (error: unknown) => reject(new StoreError(reasonOf(error)))).finally(cancel)
  })
}

/** What an operator has to change where Redis knows who asks, and says no. null: it is something else */
export function refusalIn(reason: string): string | null {
  if (/^(WRONGPASS|ERR AUTH|ERR invalid password)/.test(reason))
    return 'the store refuses the user or the password'
  if (reason.startsWith('NOAUTH')) return 'the store wants a password'
  if (reason.startsWith('NOPERM')) return 'the store does not permit the user what is needed'
  return null
}

/** Without the address, which may hold the password */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : 'unknown'
}
