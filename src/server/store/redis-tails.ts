import { RESP_TYPES } from '@redis/client'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { answered, type RedisClient } from './redis-client.ts'
import { scripts } from './redis-scripts.ts'
import { type Lease, MOST_TAIL_PIECES, StoreError, type TailPiece, type TailWrite } from './store.ts'

/** Many lines may need theirs at once, when their owner has died. More would not be there sooner. */
const READS_AT_ONCE = 4
/** The owner's number of a piece is below this; its token is above. */
const NUMBERS = 2n ** 32n

const StreamEntry = z
  .tuple([z.instanceof(Buffer), z.array(z.instanceof(Buffer)).length(4)])
  .transform(([id, [, bytes, , facts]], context): TailPiece => {
    const at = Number(id.toString().split('-')[0])
    if (bytes && facts && Number.isSafeInteger(at))
      return { at, bytes, facts: facts.length > 0 ? facts.toString() : null }
    context.issues.push({ code: 'custom', input: id, message: 'no piece of a tail' })
    return z.NEVER
  })

const Stream = z.array(StreamEntry)

export interface TailKeys {
  lease: string
  counter: string
  stream: string
}

/**
 * The newest of what lines say, each in a stream. A piece's id begins with its offset. They have a connection of their
 * own, so that no lease waits behind a flood.
 */
export class RedisTails {
  readonly #client: RedisClient
  readonly #clock: Clock
  #reading = 0
  readonly #waiting: (() => void)[] = []

  constructor(client: RedisClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** @returns whether it was written: the lease is the newest */
  async append(keys: TailKeys, lease: string, write: TailWrite): Promise<boolean> {
    const { keepFrom, ttlMs, pieces } = write
    const parts = pieces.flatMap(({ at, bytes, facts }, index) => [
      `${at}-${numberOf(write.lease, write.number + index)}`,
      bytes,
      facts ?? '',
    ])
    const reply = this.#client.eval(scripts.appendTail, {
      keys: [keys.lease, keys.counter, keys.stream],
      arguments: [lease, String(keepFrom), String(MOST_TAIL_PIECES), String(ttlMs), ...parts],
    })
    return z.number().parse(await answered(reply, this.#clock)) === 1
  }

  /** @throws StoreError also where it holds what no piece is */
  async read(stream: string): Promise<TailPiece[]> {
    if (this.#reading >= READS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#reading += 1
    try {
      const options = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }
      const reply = await answered(
        this.#client.sendCommand(['XRANGE', stream, '-', '+'], options),
        this.#clock,
      )
      const { data } = Stream.safeParse(reply)
      if (!data) throw new StoreError('The store holds a tail that cannot be read.')
      return data
    } finally {
      this.#reading -= 1
      this.#waiting.shift()?.()
    }
  }
}

/** A later lease writes larger ones, so that what it adds at the same offset comes after. */
const numberOf = ({ token }: Lease, number: number) => String(BigInt(token) * NUMBERS + BigInt(number))
