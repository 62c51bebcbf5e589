import { z } from 'zod'
import { jsonOf } from '../json.ts'
import type { Store } from '../store/store.ts'

const CHANNEL = 'replicas'

/** What replicas tell each other. One that does not know a message, because it is older, leaves it alone. */
export const ReplicaMessage = z.discriminatedUnion('kind', [
  /** It came, drains or goes. */
  z.object({ kind: z.literal('replica-changed') }),
])
export type ReplicaMessage = z.infer<typeof ReplicaMessage>

const Envelope = z.object({ from: z.string(), message: ReplicaMessage })

/** @param from the id of the replica that says it: another one */
export type Hear = (message: ReplicaMessage, from: string) => void

/** Tells all other replicas something. What is said while one is cut off is lost to it. */
export class Channel {
  readonly #store: Pick<Store, 'publish' | 'subscribe'>
  readonly #self: string

  constructor(store: Pick<Store, 'publish' | 'subscribe'>, self: string) {
    this.#store = store
    this.#self = self
  }

  /** @throws StoreError */
  tell(message: ReplicaMessage): Promise<void> {
    return this.#store.publish(CHANNEL, JSON.stringify({ from: this.#self, message }))
  }

  /**
   * @param missed is called when it listens again after it was cut off: something may have been said meanwhile
   * @returns ends it
   * @throws StoreError
   */
  listen(hear: Hear, missed: () => void): Promise<() => Promise<void>> {
    const heard = (text: string) => {
      const { data } = Envelope.safeParse(jsonOf(text))
      if (data && data.from !== this.#self) hear(data.message, data.from)
    }
    return this.#store.subscribe(CHANNEL, heard, missed)
  }
}
