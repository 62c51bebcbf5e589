import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import { type Rate, TokenBuckets } from '../../shared/token-bucket.ts'
import type { Joining } from './members.ts'

/** All viewers of a session hear of each that joins. A page that reloads or loses its network stays far below. */
const JOINS: Rate = { burst: 30, perSecond: 2 }
const RETRY_AFTER_S = 5

export interface Places {
  /** Viewers of one session */
  maxViewers: number
  /** Those of one person among them */
  maxViewersPerUser: number
}

type Applicant = Pick<Joining, 'client' | 'party' | 'mayWrite'>

/** Decides who may join a session. One person, or many who only watch, cannot keep out who is needed there. */
export class Admission {
  readonly #places: Places
  /** By party */
  readonly #joins: TokenBuckets

  constructor(places: Places, clock: Clock) {
    this.#places = places
    this.#joins = new TokenBuckets(JOINS, clock)
  }

  /**
   * A tab that comes back takes its own place.
   * @param present those who are in the session
   * @returns why the applicant may not join; null: it may
   */
  refusalOf(applicant: Applicant, present: readonly Pick<Joining, 'client' | 'party'>[]): Failure | null {
    const { client, party, mayWrite } = applicant
    const { maxViewers, maxViewersPerUser } = this.#places
    if (!this.#joins.of(party).take()) {
      return {
        cause: 'too-many-requests',
        detail: 'It was joined too often from here.',
        retryAfter: RETRY_AFTER_S,
      }
    }
    if (present.some((member) => member.client === client)) return null
    if (present.filter((member) => member.party === party).length >= maxViewersPerUser) {
      return limited('user-limit', 'BMS_CONSOLE_MAX_VIEWERS_PER_USER', maxViewersPerUser)
    }
    // Who can only watch must leave room for who can help.
    const kept = mayWrite ? 0 : Math.ceil((maxViewers - 1) / 10)
    if (present.length < maxViewers - kept) return null
    return limited('viewer-limit', 'BMS_CONSOLE_MAX_VIEWERS', maxViewers, kept)
  }
}

/**
 * A configured limit is reached.
 * @param kept how much of it is for people who may type
 */
export function limited(
  cause: 'session-limit' | 'user-limit' | 'viewer-limit',
  setting: string,
  limit: number,
  kept = 0,
): Failure {
  const places = kept === 0 ? '' : `, and ${kept} of them are kept for people who may type`
  return { cause, detail: `The limit is ${limit}${places} (${setting}).` }
}
