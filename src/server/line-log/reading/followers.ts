import type { Failure } from '../../../shared/cause.ts'
import type { Clock } from '../../../shared/clock.ts'

/** Streams that one person may follow at once, of all lines together. */
const MOST_PER_USER = 8

/** Those who get streams of lines' logs. A stream may be endless, so it ends with the sign-in that began it. */
export class Followers {
  readonly #following = new Set<Follower>()
  /** Those whose answers are not through: also one that has ended takes a moment. */
  readonly #present = new Set<Follower>()
  #tellLeft = () => {}
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
    this.#present.add(follower)
    ending.signal.addEventListener('abort', () => this.#following.delete(follower), { once: true })
    const leave = () => {
      end(null)
      this.#present.delete(follower)
      if (this.#present.size === 0) this.#tellLeft()
    }
    return { left: ending.signal, leave, why: () => why }
  }

  signInEnded(ended: string): void {
    for (const { signIn, end } of this.#following)
      if (signIn === ended) end({ cause: 'sign-in-needed', detail: 'The sign-in has ended.' })
  }

  /**
   * Ends all streams.
   * @param why told to those who are told why
   * @returns when all answers are through. Who takes nothing must not hold up the end, so they have so long, ms.
   */
  async endAll(why: Failure | null, clock: Clock, withinMs: number): Promise<void> {
    for (const { end } of this.#following) end(why)
    if (this.#present.size === 0) return
    await new Promise<void>((resolve) => {
      const cancel = clock.after(withinMs, resolve)
      this.#tellLeft = () => {
        cancel()
        resolve()
      }
    })
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
