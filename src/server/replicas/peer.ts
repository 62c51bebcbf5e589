import type { z } from 'zod'
import { jsonOf } from '../json.ts'

/** Another replica, as this one can ask it */
export interface Peer {
  /** New with each start */
  readonly id: string
  /** @returns its answer; null: it does not answer, or not in time, or with too much */
  get(path: string): Promise<PeerAnswer | null>
}

export interface PeerAnswer {
  status: number
  header(name: string): string | undefined
  body: Buffer
}

/** @returns null: it does not answer, or with something else */
export async function askPeer<T>(
  peer: Pick<Peer, 'get'>,
  path: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const answer = await peer.get(path)
  if (answer?.status !== 200) return null
  return schema.safeParse(jsonOf(answer.body.toString())).data ?? null
}

/** Asks all of them the same. */
export function askPeers<P extends Peer, T>(
  peers: readonly P[],
  path: string,
  schema: z.ZodType<T>,
): Promise<{ peer: P; answer: T | null }[]> {
  return Promise.all(peers.map(async (peer) => ({ peer, answer: await askPeer(peer, path, schema) })))
}

/** Names what a replica keeps for good; null: it keeps nothing. */
type KeptName = string | null

/**
 * Whether one of the replicas that were there lately has not answered
 * @param known what they keep, by its names; null: nobody knows
 */
export function isAnyAway(
  { own, known }: { own: KeptName; known: ReadonlySet<string> | null },
  answers: readonly { answer: { store: KeptName } | null }[],
): boolean {
  if (known === null || answers.some(({ answer }) => answer === null)) return true
  const here = new Set([own, ...answers.map(({ answer }) => answer?.store)])
  return [...known].some((name) => !here.has(name))
}
