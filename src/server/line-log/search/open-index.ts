import type { BlockIndex } from './indexed-scan.ts'
import type { LogTurn } from './turn.ts'

/** Uses a line's part of the index, if there is one. Each use opens it: it may have been made anew. */
export async function withIndex<T>(
  place: LogTurn['index'],
  use: (index: BlockIndex | null) => T,
): Promise<T> {
  if (!place) return use(null)
  // Without an index there is no need for the database.
  const { BLOCK_BYTES, OVERLAP_BYTES, TrigramIndex } = await import('../index/trigram-index.ts')
  const open = () => {
    try {
      return TrigramIndex.read(place.path)
    } catch {
      // Without it the log is read.
      return null
    }
  }
  const index = open()
  try {
    const covered = index?.covered(place.line)
    if (!index || !covered) return use(null)
    return use({
      blockBytes: BLOCK_BYTES,
      overlapBytes: OVERLAP_BYTES,
      covered,
      find: (text, range) => index.find(place.line, [text], range),
    })
  } finally {
    index?.close()
  }
}
