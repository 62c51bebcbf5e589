import type { Failure } from '../../../shared/cause.ts'

/** Streams that one person may follow at once, of all lines together. */
const MOST_PER_USER = 8

/** Those who get streams of lines' logs. A stream may be endless, so it ends with the sign-in that began it. */
export class Followers {
  readonly #following = new Set<Follower>()
  readonly #mostEach: number

  constructor(mostEach = MOST_PER_USER) {
    this.#mostEach = mostEach
  }

  /** @returns null: this person follows enough already */
  begin(user: string, signIn: string | null): Following | null {
    const own = [...this.#following].filter((each) => each.user === user)
    if (own.length >= this.#mostEach) return null
    const ending = new AbortController()
    let why: Failure | null = null
    const end = (failure: Failure | null) => {
      if (!ending.signal.aborted) why = failure
      ending.abort()
    }
    const follower: Follower = { user, signIn, end }
    this.#following.add(follower)
    ending.signal.addEventListener('abort', () => this.#following.delete(follower), { once: true })
    return { left: ending.signal, leave: () => end(null), why: () => why }
  }

  signInEnded(ended: string): void {
    for (const { signIn, end } of this.#following)
      if (signIn === ended) end({ cause: 'sign-in-needed', detail: 'The sign-in has ended.' })
  }

  endAll(): void {
    for (const { end } of this.#following) end(null)
  }
}

interface Following {
  /** Aborts when the stream must end, or its reader has left. */
  left: AbortSignal
  leave: () => void
  /** What its reader should be told, if it has ended. null: nothing */
  why: () => Failure | null
}

interface Follower {
  user: string
  signIn: string | null
  end: (why: Failure | null) => void
}
