import type { z } from 'zod'
import type { HeardStretch } from '../../../shared/heard-times.ts'
import { jsonOf } from '../../json.ts'
import type { Peer, PeerAnswer } from '../../replicas/peer.ts'
import { type LogPart, PartAway } from '../reading/joined-reader.ts'
import type { LineRef, PlacedMark, Stretch } from '../store/store.ts'
import {
  AT_HEADER,
  type KeptLog,
  KeptMarks,
  KeptOffset,
  KeptTimes,
  MOST_READ,
  peerPaths,
  TIMES_BLOCK,
} from './wire.ts'

/** Each question takes its time, so small readings are made larger. */
const READ_AHEAD = 64 * 1024

/** @throws PartAway if the peer does not answer, or with something else */
async function ask<T>(peer: Peer, path: string, schema: z.ZodType<T>): Promise<T> {
  const { body } = await answerOf(peer, path)
  const parsed = schema.safeParse(jsonOf(body.toString()))
  if (!parsed.success) throw new PartAway(`${path}: it is not what was asked for`)
  return parsed.data
}

async function answerOf(peer: Peer, path: string): Promise<PeerAnswer> {
  const answer = await peer.get(path)
  if (answer?.status !== 200) throw new PartAway(`${path}: ${answer?.status ?? 'no answer'}`)
  return answer
}

/** What a peer has of a line, as it was when it was asked. Each call throws PartAway if the peer does not answer. */
export class PeerLog implements LogPart {
  readonly id: string
  readonly line: LineRef
  readonly end: number
  readonly marksAtEnd: number
  readonly #peer: Peer
  readonly #stretches: readonly Stretch[]
  /** What was read last */
  #read: { at: number; bytes: Buffer } | null = null
  readonly #times = new Map<number, readonly HeardStretch[]>()

  constructor(peer: Peer, { line, end, marksAtEnd, stretches }: NonNullable<KeptLog['log']>) {
    this.#peer = peer
    this.id = peer.id
    this.line = line
    this.end = end
    this.marksAtEnd = marksAtEnd
    this.#stretches = stretches
  }

  stretches(): readonly Stretch[] {
    return this.#stretches
  }

  async read(from: number, most: number): Promise<{ at: number; bytes: Buffer }> {
    const known = this.#read
    if (known && known.at <= from && from < known.at + known.bytes.length)
      return { at: from, bytes: known.bytes.subarray(from - known.at, from - known.at + most) }
    const bytes = Math.min(MOST_READ, Math.max(READ_AHEAD, most))
    const path = peerPaths.bytes(this.line.server.id, { from, most: bytes })
    const { header, body } = await answerOf(this.#peer, path)
    const at = Number(header(AT_HEADER))
    if (!Number.isSafeInteger(at) || at < from)
      throw new PartAway(`${path}: it does not say where they begin`)
    this.#read = { at, bytes: body }
    return { at, bytes: body.subarray(0, most) }
  }

  async marks(from: number, to: number): Promise<PlacedMark[]> {
    const all: PlacedMark[] = []
    for (let next: number | null = from; next !== null && next <= to; ) {
      const path: string = peerPaths.marks(this.line.server.id, { from: next, to })
      const found: z.infer<typeof KeptMarks> = await ask(this.#peer, path, KeptMarks)
      all.push(...found.marks)
      if (found.next !== null && found.next <= next) throw new PartAway(`${path}: it does not get on`)
      next = found.next
    }
    return all
  }

  async timeOf(offset: number): Promise<number> {
    const from = Math.floor(offset / TIMES_BLOCK) * TIMES_BLOCK
    const known = this.#times.get(from)
    const times = known ?? (await this.#timesFrom(from))
    return (times.findLast(({ at }) => at <= offset) ?? times[0])?.time ?? 0
  }

  async #timesFrom(from: number): Promise<readonly HeardStretch[]> {
    const path = peerPaths.times(this.line.server.id, { from, to: from + TIMES_BLOCK })
    const { times } = await ask(this.#peer, path, KeptTimes)
    this.#times.set(from, times)
    return times
  }

  async offsetOf(time: number): Promise<number> {
    return (await ask(this.#peer, peerPaths.offset(this.line.server.id, time), KeptOffset)).offset
  }
}
