import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { lowerPriority } from '../../lower-priority.ts'
import { scanIndexed } from './indexed-scan.ts'
import { withIndex } from './open-index.ts'
import { PieceReader } from './pieces.ts'
import { compile } from './query.ts'
import { type Answer, Order } from './turn.ts'

// Searches logs in a thread of its own, one turn after another. `pool.ts` starts it, limits its memory, and ends it when
// a regular expression keeps it busy for too long.

const port = parentPort
if (!port) throw new Error('This file runs as a worker.')
const say = (answer: Answer) => port.postMessage(answer)
lowerPriority()
/** Here is the id of a turn that nobody needs any more. */
const stop = z.instanceof(Int32Array).parse(workerData)

port.on('message', async (message) => {
  const { id, turn } = Order.parse(message)
  const until = performance.now() + turn.ms
  const mustStop = () => performance.now() > until || Atomics.load(stop, 0) === id
  const bytes = new PieceReader(turn.pieces)
  try {
    const query = compile(turn.query)
    const scanned = await withIndex(turn.index, (index) =>
      scanIndexed(bytes, turn, query, turn.most, mustStop, index),
    )
    say({ kind: 'scanned', id, ...scanned })
  } catch (error) {
    // V8 compiles a pattern when it is used, and gives up on one that is too large or too deep.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    say({ kind: 'too-hard', id })
  } finally {
    bytes.close()
  }
})
say({ kind: 'ready' })
