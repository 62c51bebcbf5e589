import { type FileHandle, open } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { lowerPriority } from '../../thread.ts'
import { type IndexAnswer, IndexJob, IndexSetup } from './index-jobs.ts'
import { indexedText } from './indexed-text.ts'
import { BLOCK_BYTES, OVERLAP_BYTES, TrigramIndex } from './trigram-index.ts'

// Writes the index in a thread of its own, since each addition blocks for some 50 ms. `log-index.ts` starts it.

const port = parentPort
if (!port) throw new Error('This file runs as a worker.')
const say = (answer: IndexAnswer) => port.postMessage(answer)
lowerPriority()

const index = TrigramIndex.open(IndexSetup.parse(workerData).path)
say({ kind: 'open', lines: [...index.lines].map(([name, { first, next }]) => ({ name, first, next })) })

/** Reads a stretch of the log. What no file has is blank. */
async function stretch({ first, next, files }: IndexJob): Promise<Buffer> {
  const from = first * BLOCK_BYTES
  const all = Buffer.alloc((next - first) * BLOCK_BYTES + OVERLAP_BYTES, ' ')
  for (const { path, from: begin, bytes } of files) {
    const start = Math.max(from, begin)
    const end = Math.min(from + all.length, begin + bytes)
    if (start >= end) continue
    let file: FileHandle | null = null
    try {
      file = await open(path)
      await file.read(all, start - from, end - start, start - begin)
    } catch (error) {
      // Retention may have deleted it meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    } finally {
      await file?.close()
    }
  }
  return all
}

port.on('message', async (message: unknown) => {
  if (message === 'close') {
    index.close()
    port.close()
    return
  }
  try {
    const job = IndexJob.parse(message)
    const bytes = await stretch(job)
    const texts = Array.from({ length: job.next - job.first }, (_, at) =>
      indexedText(bytes.subarray(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES + OVERLAP_BYTES)),
    )
    index.add(job.line, job.first, texts)
    say({ kind: 'done' })
  } catch (error) {
    say({ kind: 'failed', detail: error instanceof Error ? error.message : 'unknown' })
  }
})
