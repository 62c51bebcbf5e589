import { randomUUID } from 'node:crypto'

/** Secrets with an end: the gateway's console tokens and IAM's. Each stands for a `T` until it expires. */
export class Tokens<T> {
  readonly #issued = new Map<string, { value: T; expiresAt: number }>()

  constructor(private readonly now: () => number) {}

  /** @param ttlMs may be negative: a token that nobody can use */
  issue(value: T, ttlMs: number, token: string = randomUUID()): { token: string; expiresAt: number } {
    for (const [old, { expiresAt }] of this.#issued) if (expiresAt <= this.now()) this.#issued.delete(old)
    const expiresAt = this.now() + ttlMs
    this.#issued.set(token, { value, expiresAt })
    return { token, expiresAt }
  }

  /** What the token stands for; it can be used again until it expires. */
  find(token: string): T | null {
    const issued = this.#issued.get(token)
    return issued && issued.expiresAt > this.now() ? issued.value : null
  }

  expireAll(): void {
    this.#issued.clear()
  }
}
