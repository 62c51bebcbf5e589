import type { Clock } from '../../../shared/clock.ts'
import { CloudError } from '../cloud.ts'

const MINUTE = 60_000
/** After this many refused projects within `HOLD_ALL_MS` the password itself is taken for wrong. */
const MAX_REFUSALS = 2
const HOLD_ALL_MS = 10 * MINUTE

/**
 * Keeps one user's wrong password from being tried once for each project, and again for each look at the list: the
 * cloud would lock the user out.
 *
 * IAM answers a wrong password and a project that is not the user's with the same 401. So a refusal holds for its
 * own project. Until one project is let in, the projects ask one after the other, and two refusals hold for all.
 */
export class SignInGate {
  /** Until the cloud has let one project in, the password may be wrong. */
  #careful = true
  #onlyOneAsking: Promise<unknown> | null = null
  readonly #refusals = new Map<string, { error: CloudError; at: number }>()

  /** @param holdMs how long a refused project is not asked for again */
  constructor(
    readonly clock: Clock,
    readonly holdMs = 10 * MINUTE,
  ) {}

  /**
   * Runs the request, or rejects with the refusal that still holds.
   * @param scope the project, as a key
   */
  async ask<T>(scope: string, request: () => Promise<T>): Promise<T> {
    while (this.#careful && this.#onlyOneAsking) await this.#onlyOneAsking
    const refusal = this.#refusalFor(scope)
    if (refusal) throw refusal
    const answer = this.#try(scope, request)
    if (this.#careful) {
      this.#onlyOneAsking = answer
        .catch(() => {})
        .finally(() => {
          this.#onlyOneAsking = null
        })
    }
    return answer
  }

  /** Call it when a token is refused before its time, as tokens are when the password changes. */
  doubt(): void {
    this.#careful = true
  }

  #refusalFor(scope: string): CloudError | undefined {
    const now = this.clock.now()
    const own = this.#refusals.get(scope)
    if (own && now - own.at < this.holdMs) return until(own.error, own.at + this.holdMs - now)
    if (!this.#careful) return undefined
    const recent = [...this.#refusals.values()].filter(({ at }) => now - at < HOLD_ALL_MS)
    const last = recent.at(-1)
    // When this one is forgotten, one too few are left to hold for all.
    const decisive = recent.at(-MAX_REFUSALS)
    return last && decisive ? until(last.error, decisive.at + HOLD_ALL_MS - now) : undefined
  }

  async #try<T>(scope: string, request: () => Promise<T>): Promise<T> {
    try {
      const answer = await request()
      this.#careful = false
      this.#refusals.delete(scope)
      return answer
    } catch (error) {
      if (error instanceof CloudError && error.failure.cause === 'signed-out') {
        this.#careful = true
        // The map keeps the order of the refusals: a repeated one goes to its end.
        this.#refusals.delete(scope)
        this.#refusals.set(scope, { error, at: this.clock.now() })
        // From now on this answer comes from memory, so it says for how long.
        throw until(error, this.holdMs)
      } else {
        // The cloud did not look at the password, so nobody has to wait for another's time limit.
        this.#careful = false
      }
      throw error
    }
  }
}

/** The refusal, and how long it holds. */
const until = ({ failure }: CloudError, ms: number) =>
  new CloudError({ ...failure, retryAfter: Math.ceil(ms / 1000) })
