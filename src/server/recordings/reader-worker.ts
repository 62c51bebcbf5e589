import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { type CastEvents, readEvents } from './cast.ts'
import { castText } from './cast-lines.ts'
import { type Answer, Job, type RecordingSource } from './jobs.ts'
import { searchRecording, searchRecordings } from './search.ts'

// Reads recordings in a thread of its own, so that neither a hostile recording nor a large one holds up the consoles.
// `reader.ts` starts it, limits its memory, and ends it when it takes too long.

const port = parentPort
if (!port) throw new Error('This file runs as a worker.')
const say = (answer: Answer) => port.postMessage(answer)

const timer = (ms: number) => {
  const until = performance.now() + ms
  return () => performance.now() > until
}

function open(source: RecordingSource): CastEvents {
  switch (source.kind) {
    case 'cast':
      return readEvents(source.path)
  }
}

const job = Job.parse(workerData)
switch (job.kind) {
  case 'search':
    say({
      kind: 'page',
      page: await searchRecordings(
        job.recordings.map(({ id, source }) => ({ id, open: () => open(source) })),
        job.query,
        { ...job, timeIsUp: timer(job.ms) },
      ),
    })
    break
  case 'search-one':
    say({
      kind: 'matches',
      matches: await searchRecording(open(job.source), job.query, { ...job, timeIsUp: timer(job.ms) }),
    })
    break
  case 'text':
    for await (const text of castText(open(job.source))) {
      const asked = once(port, 'message')
      say({ kind: 'text', text })
      await asked
    }
    say({ kind: 'end' })
}
// A port that somebody listened to keeps the thread alive.
port.close()
