import { LogIndex, type LogIndexOptions } from './log-index.ts'

/** Opens the index. Without it, searches read the logs themselves: that is slow, and no reason not to start. */
export async function openLogIndex(options: LogIndexOptions): Promise<LogIndex | null> {
  try {
    return await LogIndex.open(options)
  } catch (error) {
    options.log.warn({ err: error }, 'the lines’ logs have no index, so searches read all of them')
    return null
  }
}
