import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { IamCredentials } from '../../../shared/sign-in.ts'
import { CloudError } from '../../clouds/cloud.ts'
import { RecentKeys } from '../../store/recent-keys.ts'
import { type Store, writeOver } from '../../store/store.ts'

/** How many failures are free, and what the next ones cost: twice as long each time, up to a longest wait. */
interface Policy {
  free: number
  firstMs: number
  longestMs: number
}

/** Attempts that are counted together. */
export interface Bucket extends Policy {
  key: string
  /** Whether the right password clears the count. Not where others could hide behind a success of their own. */
  resets: boolean
}

/**
 * The cloud counts, too: IAM locks an account after five failures in 15 minutes, unless it is told otherwise. From one
 * network no more than four come through us in any 15 minutes.
 * https://support.huaweicloud.com/intl/en-us/usermanual-iam/iam_01_0704.html
 */
const perAccount: Policy & { resets: boolean } = {
  free: 3,
  firstMs: 5 * 60_000,
  longestMs: 15 * 60_000,
  resets: true,
}
/** A whole company may be behind one address. */
const perNetwork: Policy & { resets: boolean } = {
  free: 20,
  firstMs: 5_000,
  longestMs: 5 * 60_000,
  resets: false,
}

/** A count is forgotten so long after the last failure. */
const FORGET_MS = 60 * 60_000

/**
 * An attempt is counted under these. The account alone is never one of them: anybody could lock its user out, from
 * anywhere. A browser that has been this user before counts for itself, so not even a neighbour in its network can.
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 * @param who `account`: null where the attempt names none, as with a token; `device`: null unless known
 */
export function bucketsOf(who: { network: string; account: string | null; device: string | null }): Bucket[] {
  if (who.device !== null) return [{ key: `device ${who.device}`, ...perAccount }]
  const network = { key: `network ${who.network}`, ...perNetwork }
  return who.account === null
    ? [network]
    : [network, { key: `network ${who.network} account ${who.account}`, ...perAccount }]
}

export interface Attempt {
  /** `undecided`: the attempt showed nothing about the password, e.g. the cloud did not answer. Only the first call counts. */
  settle(how: 'succeeded' | 'failed' | 'undecided'): Promise<void>
}

const Count = z.object({
  count: z.number(),
  /** When it last grew */
  at: z.number(),
})
type Count = z.infer<typeof Count>

/** A bucket as the store had it. `text`: null where there was nothing */
interface Read {
  bucket: Bucket
  text: string | null
  known: Count
}

/** Others may count in the same bucket. Each try ends with one of them counted. */
const TRIES = 30
/** For an attempt that came with so many others that it was never its turn */
const CROWD_MS = 1_000

/**
 * Slows down the guessing of passwords, at all replicas together. An attempt counts as failed until it is settled, so
 * many at once win nothing.
 */
export class Throttle {
  readonly #store: Store
  readonly #clock: Clock
  readonly #recent: RecentKeys

  constructor({ store, clock, max = 20_000 }: { store: Store; clock: Clock; max?: number }) {
    this.#store = store
    this.#clock = clock
    this.#recent = new RecentKeys(store, max)
  }

  get size(): number {
    return this.#recent.size
  }

  /** @returns the attempt, which now counts; or how long to wait, and nothing counts */
  async begin(buckets: readonly Bucket[]): Promise<Attempt | { waitMs: number }> {
    for (let tried = 1; tried <= TRIES; tried++) {
      const read = await Promise.all(buckets.map((bucket) => this.#read(bucket)))
      const waitMs = Math.max(0, ...read.map((each) => this.#wait(each)))
      if (waitMs > 0) return { waitMs }
      if (await this.#addAll(read)) return this.#attempt(buckets)
    }
    return { waitMs: CROWD_MS }
  }

  #attempt(buckets: readonly Bucket[]): Attempt {
    let settled = false
    return {
      settle: async (how) => {
        if (settled) return
        settled = true
        if (how === 'failed') return
        const givingBack = buckets.map((bucket) =>
          how === 'succeeded' && bucket.resets ? this.#forget(bucket) : this.#giveBack(bucket),
        )
        await Promise.all(givingBack)
      },
    }
  }

  async #read(bucket: Bucket): Promise<Read> {
    const text = await this.#store.get(keyOf(bucket))
    // The time to live may end a little later than the clock says, or not be known to it at all.
    const known = text === null ? null : Count.parse(JSON.parse(text))
    const current = known && this.#clock.now() < known.at + FORGET_MS
    return { bucket, text, known: current ? known : { count: 0, at: 0 } }
  }

  #wait({ bucket: { free, firstMs, longestMs }, known }: Read): number {
    if (known.count < free) return 0
    return known.at + Math.min(firstMs * 2 ** (known.count - free), longestMs) - this.#clock.now()
  }

  /** @returns false: another was counted since it was read. Nothing is counted then. */
  async #addAll(read: readonly Read[]): Promise<boolean> {
    const added: Bucket[] = []
    for (const each of read) {
      const next = { count: each.known.count + 1, at: this.#clock.now() }
      if (!(await this.#write(each, next))) {
        await Promise.all(added.map((bucket) => this.#giveBack(bucket)))
        return false
      }
      added.push(each.bucket)
    }
    return true
  }

  async #write({ bucket, text }: Read, next: Count): Promise<boolean> {
    const key = keyOf(bucket)
    const written = JSON.stringify(next)
    // One without failures is as good as none.
    const leftMs = next.count === 0 ? 1 : Math.max(1, next.at + FORGET_MS - this.#clock.now())
    const done = await writeOver(this.#store, key, text, written, leftMs)
    if (done && next.count === 0) this.#recent.removed(key)
    else if (done) await this.#recent.wrote(key)
    return done
  }

  async #forget(bucket: Bucket): Promise<void> {
    this.#recent.removed(keyOf(bucket))
    await this.#store.remove(keyOf(bucket))
  }

  async #giveBack(bucket: Bucket): Promise<void> {
    for (let tried = 1; tried <= TRIES; tried++) {
      const read = await this.#read(bucket)
      const { count, at } = read.known
      if (read.text === null || count === 0) return
      if (await this.#write(read, { count: count - 1, at })) return
    }
  }
}

const keyOf = ({ key }: Bucket) => `throttle:${createHash('sha256').update(key).digest('base64url')}`

/** Whether a failed attempt was a wrong guess, or showed nothing about the password. */
export function settled(error: unknown): Parameters<Attempt['settle']>[0] {
  if (!(error instanceof CloudError)) return 'undecided'
  switch (error.failure.cause) {
    // The password was right.
    case 'code-needed':
    case 'no-role':
    case 'no-project':
    case 'throttled':
    case 'cloud-timeout':
    case 'cloud-unreachable':
    case 'cloud-error':
    case 'answer-too-long':
      return 'undecided'
    default:
      return 'failed'
  }
}

/** The account of an attempt. All spellings that a cloud may take for the same have one key. */
export function accountOf(credentials: IamCredentials): { domain: string; user: string; key: string } | null {
  if (credentials.method === 'token') return null
  const { domain, user } = credentials
  const same = (name: string) => name.normalize('NFKC').trim().toLowerCase()
  return { domain, user, key: JSON.stringify([same(domain), same(user)]) }
}
