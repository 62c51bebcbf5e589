import { RESP_TYPES } from '@redis/client'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { answered, type RedisClient } from './redis-client.ts'
import { scripts } from './redis-scripts.ts'
import { MOST_TAIL_PIECES, StoreError, type TailPiece, type TailWrite } from './store.ts'

/** Many lines may need theirs at once, when their owner has died. More would not be there sooner. */
const READS_AT_ONCE = 4
/** One script holds up all others for as long as it takes. */
const WRITES_AT_ONCE = 100
const BYTES_AT_ONCE = 512 * 1024
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

const Results = z.array(z.union([z.number(), z.string()]))

export interface TailKeys {
  lease: string
  counter: string
  stream: string
}

interface Write {
  keys: TailKeys
  lease: string
  write: TailWrite
  resolve(written: boolean): void
  reject(error: unknown): void
}

/**
 * The newest of what lines say, each in a stream. A piece's id begins with its offset. They have a connection of their
 * own, so that no lease waits behind a flood.
 */
export class RedisTails {
  readonly #client: RedisClient
  readonly #clock: Clock
  readonly #writes: Write[] = []
  #reading = 0
  readonly #waiting: (() => void)[] = []

  constructor(client: RedisClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /**
   * What many lines write in one turn of the event loop goes together, which costs a fifth.
   * @returns whether it was written: the lease is the newest
   */
  append(keys: TailKeys, lease: string, write: TailWrite): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.#writes.length === 0) setImmediate(() => this.#writeAll())
      this.#writes.push({ keys, lease, write, resolve, reject })
    })
  }

  #writeAll(): void {
    const writes = this.#writes.splice(0)
    while (writes.length > 0) {
      let bytes = 0
      const enough = writes.findIndex(({ write }, index) => {
        for (const piece of write.pieces) bytes += piece.bytes.length
        return bytes >= BYTES_AT_ONCE || index + 1 === WRITES_AT_ONCE
      })
      void this.#write(writes.splice(0, enough === -1 ? writes.length : enough + 1))
    }
  }

  async #write(writes: readonly Write[]): Promise<void> {
    try {
      const reply = this.#client.eval(scripts.appendTails, {
        keys: writes.flatMap(({ keys }) => [keys.lease, keys.counter, keys.stream]),
        arguments: [String(MOST_TAIL_PIECES), ...writes.flatMap(argumentsOf)],
      })
      const results = Results.parse(await answered(reply, this.#clock))
      for (const [index, { resolve, reject }] of writes.entries()) {
        const result = results[index]
        if (typeof result === 'number') resolve(result === 1)
        else reject(new StoreError(result ?? 'The store says nothing of a tail.'))
      }
    } catch (error) {
      for (const { reject } of writes) reject(error)
    }
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

function argumentsOf({ lease, write }: Write): (string | Buffer)[] {
  const { number, pieces, keepFrom, ttlMs } = write
  // A later lease writes larger ids, so that what it adds at the same offset comes after.
  const first = BigInt(write.lease.token) * NUMBERS + BigInt(number)
  const parts: (string | Buffer)[] = [lease, String(keepFrom), String(ttlMs), String(pieces.length)]
  for (const [index, { at, bytes, facts }] of pieces.entries())
    parts.push(`${at}-${first + BigInt(index)}`, bytes, facts ?? '')
  return parts
}
