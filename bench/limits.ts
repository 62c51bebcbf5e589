import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import { ApiError, paths, ServerList } from '../src/shared/api.ts'
import { builtProgram, startServer } from './built-server.ts'
import { fixture, pages, SERVERS } from './list-pages.ts'
import { watchHealth } from './load/health.ts'
import { answer, openRelay, start } from './relay-lines.ts'
import { quantile, report } from './report.ts'

// Measures what greedy requests, slow ones and a hostile cloud cost this server, and everybody else on it.

const bench = 'limits'
const MIB = 1024 * 1024
const READERS = 30

/** 1 GiB of blanks in 1 MiB */
const bomb = gzipSync(Buffer.alloc(1024 * MIB, ' '))

let calls = 0
let hostile: 'no' | 'compressed' | 'endless' = 'no'

function answerAsCloud(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'POST') {
    const url = `ws://${gateway}/?token=bench`
    response.end(JSON.stringify({ remote_console: { type: 'serial', protocol: 'serial', url } }))
    return
  }
  if (!request.url?.includes('/detail')) {
    response.end(JSON.stringify({ server: fixture }))
    return
  }
  calls += 1
  switch (hostile) {
    case 'no': {
      const page = Number(new URL(request.url ?? '', 'http://cloud.test').searchParams.get('offset') ?? 1)
      response.setHeader('content-type', 'application/json')
      response.end(pages[page - 1])
      return
    }
    case 'compressed':
      response.setHeader('content-encoding', 'gzip')
      response.end(bomb)
      return
    case 'endless': {
      const piece = Buffer.alloc(256 * 1024, ' ')
      const pump = () => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', pump)
      }
      pump()
    }
  }
}

const hop = start('./relay-gateway.ts')
const { gatewayPort } = await answer(hop, z.object({ gatewayPort: z.number() }))
const gateway = `127.0.0.1:${gatewayPort}`
const greedy = start('./limits-greedy.ts')
const cloud = createServer(answerAsCloud)
cloud.listen(0, '127.0.0.1')
await once(cloud, 'listening')
const { port: cloudPort } = cloud.address() as AddressInfo

const newServer = () => startServer(builtProgram, { cloud: `http://127.0.0.1:${cloudPort}`, gateway })

/** Types a byte every 20 ms on a console that is open. @returns how long each took to come back, ms */
async function watchEcho(origin: string) {
  const line = await openRelay(origin, fixture?.id ?? '')
  const times: number[] = []
  let watching = true
  const watched = (async () => {
    while (watching) {
      const begun = performance.now()
      await new Promise<void>((resolve) => {
        line.onBytes = () => resolve()
        line.send('x')
      })
      times.push(performance.now() - begun)
      await wait(20)
    }
  })()
  return async () => {
    watching = false
    await watched
    await line.close()
    return times
  }
}

const Greed = z.object({ ok: z.number(), tooMany: z.number(), overloaded: z.number(), all: z.number() })

/** @param forMs how long each reader asks again; 0: once */
async function measureLists(of: string, forMs: number): Promise<void> {
  const server = await newServer()
  // The first answers of a process are slow for reasons of their own.
  await (await fetch(server.origin + paths.about())).text()
  const echo = await watchEcho(server.origin)
  const health = await watchHealth(server.origin)
  await wait(1_000)
  const { rss: before } = await server.tell(true)
  calls = 0
  const begun = performance.now()
  greedy.send({ origin: server.origin, readers: READERS, forMs })
  const { ok, tooMany, overloaded, all } = await answer(greedy, Greed)
  const took = performance.now() - begun
  const { longest } = await health()
  const echoes = await echo()
  const { peak } = await server.tell()
  const figure = (metric: string, value: number, unit: string, target?: number) =>
    report({
      bench,
      metric: `${of}: ${metric}`,
      value,
      unit,
      ...(target === undefined ? {} : { target, pass: value <= target }),
    })
  figure('answered with the list', ok, `of ${all}`)
  figure('refused by a limit', tooMany, `of ${all}`)
  figure('refused for overload', overloaded, `of ${all}`)
  // One reading at a time, and each is a second older than the next.
  figure('calls to the cloud', calls, 'calls', pages.length * (2 + Math.ceil(forMs / 1000)))
  figure('memory at the most', (peak - before) / MIB, 'MiB RSS more', 300)
  figure('the longest wait for health', longest, 'ms', 1_000)
  figure('echo on an open console, 99 %', quantile(echoes, 0.99), 'ms')
  figure('echo on an open console, 50 %', quantile(echoes, 0.5), 'ms')
  figure('took', took, 'ms')
  const text = await (await fetch(server.origin + paths.servers())).text()
  if (ok > 0 && tooMany === 0 && ServerList.parse(JSON.parse(text)).servers.length !== SERVERS)
    throw new Error('The list is not whole.')
  server.stop()
}

async function measureHostileCloud(kind: 'compressed' | 'endless'): Promise<void> {
  const server = await newServer()
  const { rss: before } = await server.tell(true)
  hostile = kind
  const begun = performance.now()
  const response = await fetch(server.origin + paths.servers())
  const took = performance.now() - begun
  hostile = 'no'
  const { cause } = ApiError.parse(await response.json()).error
  const grown = ((await server.tell()).peak - before) / MIB
  const of = `a cloud whose answer is ${kind}`
  report({
    bench,
    metric: `${of}: memory at the most`,
    value: grown,
    unit: 'MiB RSS more',
    target: 200,
    pass: grown <= 200 && cause === 'answer-too-long',
  })
  report({ bench, metric: `${of}: given up after`, value: took, unit: 'ms' })
  server.stop()
}

async function measureSlowBody(): Promise<void> {
  const server = await newServer()
  const { port, host } = new URL(server.origin)
  const socket = connect(Number(port), '127.0.0.1')
  const begun = performance.now()
  let answered = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answered += text
  })
  socket.on('error', () => {})
  socket.write(
    `POST ${paths.signOut()} HTTP/1.1\r\nhost: ${host}\r\norigin: ${server.origin}\r\n` +
      'content-type: application/json\r\ncontent-length: 1000\r\n\r\n',
  )
  const drip = setInterval(() => socket.write(' '), 5_000)
  await once(socket, 'close')
  clearInterval(drip)
  const took = (performance.now() - begun) / 1000
  const pass = took <= 30 && answered.startsWith('HTTP/1.1 408')
  report({
    bench,
    metric: 'a body at 1 byte in 5 s: given up after',
    value: took,
    unit: 's',
    target: 30,
    pass,
  })
  server.stop()
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
await measureLists(`${READERS} lists of ${SERVERS} servers at once`, 0)
await measureLists(`${READERS} readers of ${SERVERS} servers, again and again for 8 s`, 8_000)
await measureHostileCloud('compressed')
await measureHostileCloud('endless')
await measureSlowBody()
hop.disconnect()
greedy.disconnect()
cloud.closeAllConnections()
cloud.close()
