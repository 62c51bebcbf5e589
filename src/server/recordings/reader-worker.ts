import { once } from 'node:events'
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { castText } from './cast-lines.ts'
import { type Answer, Job, openSource } from './jobs.ts'

// Reads a recording in a thread of its own, so that neither a hostile recording nor a large one holds up the consoles.
// `reader.ts` starts it, limits its memory, and ends it when it takes too long.

const port = parentPort
if (!port) throw new Error('This file runs as a worker.')
const say = (answer: Answer) => port.postMessage(answer)

const { job, events } = z.object({ job: Job, events: z.instanceof(MessagePort) }).parse(workerData)
for await (const text of castText(openSource(job.source, events))) {
  const asked = once(port, 'message')
  say({ kind: 'text', text })
  await asked
}
say({ kind: 'end' })
// A port that somebody listened to keeps the thread alive.
port.close()
events.close()
