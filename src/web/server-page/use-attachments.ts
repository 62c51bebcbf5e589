import { useQuery } from '@tanstack/react-query'
import type { Failure } from '../../shared/cause.ts'
import type { AttachedNic, AttachedVolume } from '../../shared/server-attachments.ts'
import { failureOf } from '../api/client.ts'
import { attachmentsQuery } from './queries.ts'

export interface Attachments {
  /** null: not told, or not yet */
  nics: readonly AttachedNic[] | null
  volumes: readonly AttachedVolume[] | null
  /** Why a part is not told */
  untold: { nics: Failure | null; volumes: Failure | null; details: Failure | null }
  retry: () => unknown
}

/** @param wanted false: this cloud tells nothing of one server that its list does not tell. */
export function useAttachments(serverId: string, wanted: boolean): Attachments {
  const { data, error, refetch } = useQuery({ ...attachmentsQuery(serverId), enabled: wanted })
  // What was told before stays, and is said to be old by the page, whose own answer fails at such a time, too.
  const failed = error === null || data ? null : failureOf(error)
  const { nics, volumes, undetailed } = data ?? {}
  return {
    nics: nics?.known ? nics.items : null,
    volumes: volumes?.known ? volumes.items : null,
    untold: {
      nics: nics?.known === false ? nics.failure : failed,
      volumes: volumes?.known === false ? volumes.failure : failed,
      details: undetailed ?? null,
    },
    retry: refetch,
  }
}
