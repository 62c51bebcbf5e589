import type { StoredRecording } from './folder.ts'

export interface RetentionLimits {
  maxAgeMs: number
  maxTotalBytes: number
}

/** The ids to delete: all that are too old, then the oldest until the rest fits. Recordings under way stay. */
export function expired(
  files: readonly StoredRecording[],
  limits: RetentionLimits,
  now: number,
  active: ReadonlySet<string>,
): string[] {
  const oldestFirst = [...files].sort((a, b) => a.modified - b.modified)
  let total = files.reduce((sum, file) => sum + file.bytes, 0)
  const ids: string[] = []
  for (const file of oldestFirst) {
    if (active.has(file.id)) continue
    if (now - file.modified <= limits.maxAgeMs && total <= limits.maxTotalBytes) continue
    total -= file.bytes
    ids.push(file.id)
  }
  return ids
}
