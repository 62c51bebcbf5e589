/** Streams that one person may follow at once, of all lines together. */
const MOST_PER_USER = 8

/** Those who get streams of lines' logs. A stream may be endless, so it ends with the sign-in that began it. */
export class Followers {
  readonly #following = new Set<Follower>()
  readonly #mostEach: number

  constructor(mostEach = MOST_PER_USER) {
    this.#mostEach = mostEach
  }

  /** @returns aborts when the sign-in ends or `left` is called; null: this person follows enough already */
  begin(user: string, signIn: string | null): { left: AbortSignal; leave: () => void } | null {
    const own = [...this.#following].filter((each) => each.user === user)
    if (own.length >= this.#mostEach) return null
    const ending = new AbortController()
    const follower: Follower = { user, signIn, end: () => ending.abort() }
    this.#following.add(follower)
    ending.signal.addEventListener('abort', () => this.#following.delete(follower), { once: true })
    return { left: ending.signal, leave: follower.end }
  }

  signInEnded(ended: string): void {
    for (const { signIn, end } of this.#following) if (signIn === ended) end()
  }

  endAll(): void {
    for (const { end } of this.#following) end()
  }
}

interface Follower {
  user: string
  signIn: string | null
  end: () => void
}
