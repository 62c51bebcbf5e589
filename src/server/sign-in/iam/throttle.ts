import type { Clock } from '../../../shared/clock.ts'
import type { IamCredentials } from '../../../shared/sign-in.ts'
import { CloudError } from '../../clouds/cloud.ts'

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
  settle(how: 'succeeded' | 'failed' | 'undecided'): void
}

interface Count {
  count: number
  /** When it last grew */
  at: number
}

/** Slows down the guessing of passwords. An attempt counts as failed until it is settled, so many at once win nothing. */
export class Throttle {
  /** In the order of their last growth */
  readonly #counts = new Map<string, Count>()
  readonly #clock: Clock
  readonly #max: number

  constructor({ clock, max = 20_000 }: { clock: Clock; max?: number }) {
    this.#clock = clock
    this.#max = max
  }

  get size(): number {
    return this.#counts.size
  }

  /** @returns the attempt, which now counts; or how long to wait, and nothing counts */
  begin(buckets: readonly Bucket[]): Attempt | { waitMs: number } {
    const waitMs = Math.max(0, ...buckets.map((bucket) => this.#wait(bucket)))
    if (waitMs > 0) return { waitMs }
    for (const { key } of buckets) this.#add(key)
    let settled = false
    return {
      settle: (how) => {
        if (settled) return
        settled = true
        if (how === 'failed') return
        for (const bucket of buckets) {
          if (how === 'succeeded' && bucket.resets) this.#counts.delete(bucket.key)
          else this.#giveBack(bucket.key)
        }
      },
    }
  }

  #wait({ key, free, firstMs, longestMs }: Bucket): number {
    const known = this.#current(key)
    if (!known || known.count < free) return 0
    return known.at + Math.min(firstMs * 2 ** (known.count - free), longestMs) - this.#clock.now()
  }

  #current(key: string): Count | undefined {
    const known = this.#counts.get(key)
    return known && this.#clock.now() < known.at + FORGET_MS ? known : undefined
  }

  #add(key: string): void {
    const count = (this.#current(key)?.count ?? 0) + 1
    this.#counts.delete(key)
    this.#counts.set(key, { count, at: this.#clock.now() })
    for (const first of this.#counts.keys()) {
      if (this.#counts.size <= this.#max) break
      this.#counts.delete(first)
    }
  }

  #giveBack(key: string): void {
    const known = this.#counts.get(key)
    if (known && known.count > 1) known.count -= 1
    else this.#counts.delete(key)
  }
}

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
