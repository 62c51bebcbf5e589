import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { CastEvents } from '../../recordings/cast.ts'
import { CutShort } from '../../recordings/event-port.ts'
import { openSource } from '../../recordings/jobs.ts'
import { lowerPriority, threadNumber } from '../../thread.ts'
import { scanIndexed } from './indexed-scan.ts'
import { withIndex } from './open-index.ts'
import { PieceReader } from './pieces.ts'
import { compile } from './query.ts'
import { scanRecording } from './scan-recording.ts'
import { type Answer, cells, type LogTurn, Order, type RecordingTurn } from './turn.ts'

// Searches in a thread of its own, one turn after another. `pool.ts` starts it, limits its memory, and ends it when a
// regular expression keeps it busy for too long.

const port = parentPort
if (!port) throw new Error('This file runs as a worker.')
const say = (answer: Answer) => port.postMessage(answer)
lowerPriority()
const shared = z.instanceof(Int32Array).parse(workerData)
Atomics.store(shared, cells.thread, threadNumber())

port.on('message', async (message) => {
  const { id, turn, events } = Order.parse(message)
  const until = performance.now() + turn.ms
  const mustStop = () => {
    Atomics.add(shared, cells.alive, 1)
    return performance.now() > until || Atomics.load(shared, cells.stop) === id
  }
  try {
    if (turn.kind === 'log') say({ kind: 'log', id, ...(await scanLog(turn, mustStop)) })
    else say({ kind: 'recording', id, ...(await readRecording(turn, events, mustStop)) })
  } catch (error) {
    // V8 compiles a pattern when it is used, and gives up on one that is too large or too deep.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    say({ kind: 'too-hard', id })
  } finally {
    events.close()
  }
})
say({ kind: 'ready' })

async function scanLog(turn: LogTurn, mustStop: () => boolean) {
  const bytes = new PieceReader(turn.pieces)
  try {
    const query = compile(turn.query)
    return await withIndex(turn.index, (index) => scanIndexed(bytes, turn, query, turn.most, mustStop, index))
  } finally {
    bytes.close()
  }
}

async function readRecording(turn: RecordingTurn, events: MessagePort, mustStop: () => boolean) {
  try {
    return await scanRecording(readable(openSource(turn.source, events)), turn, mustStop)
  } catch (error) {
    // One that was deleted meanwhile has no matches.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { found: [], whole: true }
    throw error
  }
}

/** A search looks at as much as can be read, and goes on with the next recording. */
async function* readable(recording: CastEvents): CastEvents {
  try {
    yield* recording
  } catch (error) {
    if (!(error instanceof CutShort)) throw error
  }
}
