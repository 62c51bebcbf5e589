import { CloudError } from '../cloud.ts'

/** Huawei's IAM locks a user out for a while after five wrong passwords within a quarter of an hour. */
const HOLD_SCOPE_MS = 20 * 60_000
const HOLD_ALL_MS = 10 * 60_000
const MAX_REFUSALS = 2

/**
 * Keeps one user's wrong password from being tried once for each project, and again for each look at the list.
 *
 * IAM answers a wrong password and a project that is not the user's with the same 401. So a refusal holds for its
 * own project; until one is let in, projects ask one after the other, and two refusals hold for all.
 */
export class PasswordGate {
  /** Until IAM has let somebody in, the password may be wrong. */
  #careful = true
  #alone: Promise<unknown> | null = null
  /** By scope. */
  readonly #refusals = new Map<string, { error: CloudError; at: number }>()

  async ask<T>(scope: string, now: () => number, request: () => Promise<T>): Promise<T> {
    while (this.#careful && this.#alone) await this.#alone
    const held = this.#held(scope, now())
    if (held) throw held
    const answer = this.#try(scope, now, request)
    if (this.#careful) {
      this.#alone = answer
        .catch(() => {})
        .finally(() => {
          this.#alone = null
        })
    }
    return answer
  }

  /** A token was refused before its time, as they are when the password changes. */
  doubt(): void {
    this.#careful = true
  }

  #held(scope: string, now: number): CloudError | undefined {
    const own = this.#refusals.get(scope)
    if (own && now - own.at < HOLD_SCOPE_MS) return own.error
    if (!this.#careful) return undefined
    const recent = [...this.#refusals.values()].filter(({ at }) => now - at < HOLD_ALL_MS)
    return recent.length >= MAX_REFUSALS ? recent.at(-1)?.error : undefined
  }

  async #try<T>(scope: string, now: () => number, request: () => Promise<T>): Promise<T> {
    try {
      const answer = await request()
      this.#careful = false
      this.#refusals.delete(scope)
      return answer
    } catch (error) {
      if (error instanceof CloudError && error.failure.cause === 'signed-out') {
        this.#careful = true
        this.#refusals.delete(scope)
        this.#refusals.set(scope, { error, at: now() })
      } else {
        // No password was looked at: nobody has to wait for IAM's time limit behind another.
        this.#careful = false
      }
      throw error
    }
  }
}
