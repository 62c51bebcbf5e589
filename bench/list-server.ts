import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { paths } from '../src/shared/api.ts'
import { listEvents } from '../src/testing/server-list.ts'
import { builtProgram, startServer } from './built-server.ts'
import { pages, SERVERS } from './list-pages.ts'
import { report } from './report.ts'

// Measures what many open lists cost the server and its cloud, beside one: each page reads the whole list once, then what
// differs.

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

/** @returns the version, and the bytes as sent */
async function read(url: string, onServers = () => {}) {
  const request = get(url, { headers: { 'accept-encoding': 'gzip' } })
  const [response]: [IncomingMessage] = await once(request, 'response').then(([answer]) => [answer])
  if (response.headers['content-encoding'] !== 'gzip')
    throw new Error(`The list is not compressed, with status ${response.statusCode}.`)
  let bytes = 0
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
  })
  let tail = ''
  const decoder = new TextDecoder()
  for await (const piece of response.pipe(createGunzip())) {
    tail = (tail + decoder.decode(piece, { stream: true })).slice(-300)
    if (tail.includes('"id"')) onServers()
  }
  const last = listEvents(tail.slice(tail.lastIndexOf('\n', tail.length - 2) + 1))[0]
  if (last?.type !== 'end') throw new Error('The list did not end.')
  return { bytes, version: last.version }
}

/** So many users have the list open. Each has a process of the server before them that nobody has used. */
async function open(readers: number) {
  const server = await startServer(builtProgram, {
    cloud: `http://127.0.0.1:${port}`,
    gateway: '127.0.0.1:9',
  })
  const { origin } = server
  calls = 0
  firstGiven = 0
  let first = 0
  let whole = 0
  let refresh = 0
  const begun = performance.now()
  const reader = async (at: number) => {
    await wait(at * 25)
    let { version, bytes } = await read(origin + paths.serverList({ fresh: 'true' }), () => {
      first ||= performance.now()
    })
    whole = Math.max(whole, bytes)
    while (performance.now() - begun + POLL_MS < FOR_MS) {
      await wait(POLL_MS)
      const next = await read(origin + paths.serverList({ since: version }))
      version = next.version
      refresh = Math.max(refresh, next.bytes)
    }
  }
  await Promise.all(Array.from({ length: readers }, (_, at) => reader(at)))
  await wait(Math.max(0, FOR_MS - (performance.now() - begun)))
  const { peak, probed } = await server.tell()
  server.stop()
  return { calls, peak, delayMs: probed.lateMs, firstMs: first - firstGiven, whole, refresh }
}

const one = await open(1)
const all = await open(READERS)
const figure = (metric: string, value: number, unit: string, target: number) =>
  report({ bench, metric, value, unit, target, pass: value <= target })
const of = `${READERS} lists of ${SERVERS} servers for ${FOR_MS / 1000} s`
figure(`${of}: memory at the most`, all.peak / MIB, 'MiB RSS', 300)
figure(`${of}: calls to the cloud, at most those of one list`, all.calls, 'calls', one.calls)
figure(`${of}: the first servers after the cloud's first page`, all.firstMs, 'ms', 1_000)
figure(`${of}: a refresh without changes`, all.refresh, 'bytes', 2_000)
report({ bench, metric: `${of}: the whole list as sent`, value: all.whole / MIB, unit: 'MiB' })
report({
  bench,
  metric: `${of}: delay of the event loop, p99`,
  value: all.delayMs,
  unit: 'ms',
  reference: one.delayMs,
})
cloud.closeAllConnections()
cloud.close()
