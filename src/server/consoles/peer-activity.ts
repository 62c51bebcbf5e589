import { z } from 'zod'
import { ServerActivity } from '../../shared/server-activity.ts'
import { askPeers, isAnyAway, type Peer } from '../replicas/peer.ts'
import type { KeptActivity } from './activity.ts'

// What replicas tell each other of a server's history, each from its own audit log. Both ends parse it.

export const KeptByPeer = z.object({
  /** Names the audit log for good; null: it ends with the process. */
  store: z.string().nullable(),
  activity: z.object({
    visits: ServerActivity.shape.visits,
    moreVisits: z.boolean(),
    power: ServerActivity.shape.power,
    morePower: z.boolean(),
    kept: ServerActivity.shape.kept,
    complete: z.boolean(),
    lost: z.number(),
  }),
})

export const activityPeerPath = (serverId: string, take: number | null = null) =>
  `/internal/servers/${serverId}/activity${take === null ? '' : `?take=${take}`}`

export interface PeerActivityOptions {
  /** Names this replica's audit log for good; null: it ends with the process. */
  ownStore: string | null
  /** Who else is there now */
  peers: () => readonly Peer[]
  /** The audit logs of all that were there lately; null: nobody knows. */
  stores: () => Promise<ReadonlySet<string> | null>
}

/** What the other replicas have of a server's history, and whether one is away that may have more */
export async function activityElsewhere(
  { ownStore, peers, stores }: PeerActivityOptions,
  serverId: string,
  take: number,
): Promise<{ parts: readonly KeptActivity[]; away: boolean }> {
  const [answers, known] = await Promise.all([
    askPeers(peers(), activityPeerPath(serverId, take), KeptByPeer),
    stores(),
  ])
  return {
    parts: answers.flatMap(({ answer }) => answer?.activity ?? []),
    away: isAnyAway({ own: ownStore, known }, answers),
  }
}
