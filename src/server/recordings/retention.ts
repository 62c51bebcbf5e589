import type { StoredRecording } from './folder.ts'

/** A recording with all that it takes on disk. */
export interface KeptRecording extends StoredRecording {
  /** null: nobody knows */
  serverId: string | null
}

export interface RetentionLimits {
  maxAgeMs: number
  maxTotalBytes: number
}

/**
 * The ids to delete: all that are too old, then the oldest until the rest fits, but only of lines that take more than an
 * equal share. So a line that prints without end costs others nothing. Recordings under way stay.
 */
export function expired(
  files: readonly KeptRecording[],
  limits: RetentionLimits,
  now: number,
  active: ReadonlySet<string>,
): string[] {
  const oldestFirst = [...files].sort((a, b) => a.modified - b.modified)
  const isOld = (file: KeptRecording) => now - file.modified > limits.maxAgeMs
  const ids = oldestFirst.filter((file) => isOld(file) && !active.has(file.id)).map(({ id }) => id)
  const kept = oldestFirst.filter((file) => !isOld(file) || active.has(file.id))
  const taken = new Map<string | null, number>()
  for (const { serverId, bytes } of kept) taken.set(serverId, (taken.get(serverId) ?? 0) + bytes)
  let total = kept.reduce((sum, file) => sum + file.bytes, 0)
  const share = limits.maxTotalBytes / Math.max(1, taken.size)
  for (const file of kept) {
    if (total <= limits.maxTotalBytes) break
    const ofLine = taken.get(file.serverId) ?? 0
    if (active.has(file.id) || ofLine <= share) continue
    taken.set(file.serverId, ofLine - file.bytes)
    total -= file.bytes
    ids.push(file.id)
  }
  return ids
}
