import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod/mini'
import { paths } from '../src/shared/api.ts'
import { listEvents } from '../src/testing/server-list.ts'
import { pages, SERVERS } from './list-pages.ts'
import { answer, start } from './relay-lines.ts'
import { report } from './report.ts'

// Measures what many open lists cost the server and its cloud: each page reads the whole list once, then what differs.

const bench = 'list-server'
const READERS = 20
const FOR_MS = Number(process.env.BENCH_MS ?? 60_000)
const POLL_MS = 30_000
const MIB = 1024 * 1024

let calls = 0
let firstGiven = 0
const cloud = createServer((request, response) => {
  calls += 1
  const page = Number(new URL(request.url ?? '', 'http://cloud.test').searchParams.get('offset') ?? 1)
  if (firstGiven === 0)
    response.once('finish', () => {
      firstGiven ||= performance.now()
    })
  response.setHeader('content-type', 'application/json')
  response.end(pages[page - 1])
})
cloud.listen(0, '127.0.0.1')
await once(cloud, 'listening')
const { port } = cloud.address() as AddressInfo
const app = start('./limits-app.ts', {
  BENCH_CLOUD: `http://127.0.0.1:${port}`,
  BENCH_GATEWAY: '127.0.0.1:9',
})
const { origin } = await answer(app, z.object({ origin: z.string() }))

/** @returns the last line, and the bytes */
async function read(query: Parameters<typeof paths.serverList>[0], onFirst = () => {}) {
  const response = await fetch(origin + paths.serverList(query))
  let bytes = 0
  let tail = ''
  const decoder = new TextDecoder()
  for await (const piece of response.body ?? []) {
    if (bytes > 0) onFirst()
    bytes += piece.length
    tail = (tail + decoder.decode(piece, { stream: true })).slice(-300)
  }
  const last = listEvents(tail.slice(tail.lastIndexOf('\n', tail.length - 2) + 1))[0]
  return { bytes, version: last?.type === 'end' ? last.version : undefined }
}

let first = 0
let refresh = 0
const begun = performance.now()
const reader = async (at: number) => {
  await wait(at * 50)
  let { version } = await read({ fresh: 'true' }, () => {
    first ||= performance.now()
  })
  if (version === undefined) throw new Error('The list did not end.')
  while (performance.now() - begun + POLL_MS < FOR_MS) {
    await wait(POLL_MS)
    const next = await read({ since: version })
    version = next.version
    refresh = Math.max(refresh, next.bytes)
  }
}
await Promise.all(Array.from({ length: READERS }, (_, at) => reader(at)))
await wait(Math.max(0, FOR_MS - (performance.now() - begun)))
app.send('memory')
const { peak } = await answer(app, z.object({ rss: z.number(), peak: z.number() }))
const figure = (metric: string, value: number, unit: string, target: number) =>
  report({ bench, metric, value, unit, target, pass: value <= target })
const of = `${READERS} lists of ${SERVERS} servers for ${FOR_MS / 1000} s`
figure(`${of}: memory at the most`, peak / MIB, 'MiB RSS', 300)
// The first reading, one that those who come a second later want, and one for each poll.
figure(`${of}: calls to the cloud`, calls, 'calls', pages.length * (2 + 1 + Math.ceil(FOR_MS / POLL_MS)))
figure(`${of}: the first servers after the cloud's first page`, first - firstGiven, 'ms', 1_000)
figure(`${of}: a refresh without changes`, refresh, 'bytes', 2_000)
app.disconnect()
cloud.closeAllConnections()
cloud.close()
