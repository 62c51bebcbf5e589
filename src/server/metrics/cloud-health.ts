import type { Cause } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'

/** The cloud's own trouble, or that of the way to it. Any other refusal is an answer: the cloud is there. */
const troubles: ReadonlySet<Cause> = new Set<Cause>([
  'cloud-timeout',
  'cloud-unreachable',
  'cloud-error',
  'no-endpoint',
  'answer-too-long',
  'throttled',
  'proxy-error',
])

/** How the cloud was when it was asked last. Nothing is asked only to know. */
export type CloudState =
  | { state: 'unknown' }
  | { state: 'ok'; seconds: number }
  | { state: 'failing'; cause: Cause; seconds: number }

/** Remembers how the cloud answers, for who asks whether this server is ready. */
export class CloudHealth {
  readonly #clock: Clock
  #is: { cause: Cause | null; since: number } | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param cause null: it did what it was asked for */
  asked(cause: Cause | null): void {
    const trouble = cause !== null && troubles.has(cause) ? cause : null
    const since = this.#is && (this.#is.cause === null) === (trouble === null) ? this.#is.since : null
    this.#is = { cause: trouble, since: since ?? this.#clock.now() }
  }

  /** `seconds`: for how long it has been so */
  get state(): CloudState {
    if (!this.#is) return { state: 'unknown' }
    const { cause, since } = this.#is
    const seconds = Math.round((this.#clock.now() - since) / 1000)
    return cause === null ? { state: 'ok', seconds } : { state: 'failing', cause, seconds }
  }
}
