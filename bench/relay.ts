import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import { heard } from '../e2e/lab/lab.ts'
import { freePort, run } from '../e2e/lab/tools.ts'
import { missingPackages } from '../src/sandbox/machines/tied-process.ts'
import { IssuedConsole, paths, ServerList } from '../src/shared/api.ts'
import { RELAY_SUBPROTOCOL, RelayMessage } from '../src/shared/relay-protocol.ts'
import { median, quantile, report } from './report.ts'

// The relay against the same hop without it: throughput, echo, and what an idle session weighs.

const ROUNDS = 7
const FLOOD_BYTES = 500_000_000
const ECHOES = 2_000
const IDLE_SESSIONS = 500

interface Line {
  send(data: string): void
  /** Calls for every piece of serial bytes. */
  onBytes: (bytes: Buffer) => void
  close(): Promise<void>
}

const start = (file: string, env: Record<string, string> = {}) =>
  fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { ...process.env, ...env },
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })

async function answer<T>(child: ChildProcess, schema: z.ZodMiniType<T>): Promise<T> {
  const [message] = await once(child, 'message')
  return schema.parse(message)
}

/** The proxy with its relay before a gateway, in a process of its own. */
async function startRelay(gateway: string) {
  const child = start('./relay-app.ts', { BENCH_GATEWAY: gateway })
  const { origin } = await answer(child, z.object({ origin: z.string() }))
  const { servers } = ServerList.parse(await (await fetch(origin + paths.servers())).json())
  let next = 0
  return {
    /** A viewer of a session of its own: of the next server. */
    open: () => openRelay(origin, servers[next++ % servers.length]?.id ?? ''),
    /** Resident bytes, after a garbage collection. */
    async rss(): Promise<number> {
      child.send('rss')
      return (await answer(child, z.object({ rss: z.number() }))).rss
    },
    stop: () => child.disconnect(),
  }
}

function lineOf(socket: WebSocket): Line {
  // websockify answers a close with an invalid one: the line is closed all the same.
  socket.on('error', () => {})
  return {
    send: (data) => socket.send(Buffer.from(data), { binary: true }),
    onBytes: () => {},
    async close() {
      // Not `once`: it rejects on the error that websockify's invalid close is.
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.close()
      await closed
    },
  }
}

async function openGateway(gateway: string): Promise<Line> {
  const socket = new WebSocket(`ws://${gateway}/?token=bench`, { perMessageDeflate: false })
  const line = lineOf(socket)
  socket.on('message', (data: Buffer) => line.onBytes(data))
  await once(socket, 'open')
  return line
}

/** As the page does it: a ticket, `resume`, and an `ack` as often as it was told to. */
async function openRelay(origin: string, serverId: string): Promise<Line> {
  const response = await fetch(origin + paths.issueConsole(serverId), { method: 'POST', headers: { origin } })
  const issued = IssuedConsole.parse(await response.json())
  if (issued.transport !== 'relay') throw new Error('The proxy is not in relay mode.')
  const socket = new WebSocket(
    origin.replace('http', 'ws') + paths.relay(issued.session),
    RELAY_SUBPROTOCOL,
    {
      perMessageDeflate: false,
      origin,
    },
  )
  const line = lineOf(socket)
  let received = 0
  let acknowledged = 0
  let ackBytes = 0
  const opened = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        received += data.length
        line.onBytes(data)
        if (received - acknowledged < ackBytes) return
        acknowledged = received
        socket.send(JSON.stringify({ type: 'ack', offset: received }))
        return
      }
      const message = RelayMessage.parse(JSON.parse(data.toString('utf8')))
      if (message.type === 'hello') ackBytes = message.ackBytes
      if (message.type === 'state' && message.gateway === 'open') resolve()
      if (message.type === 'closing') reject(new Error(message.failure.cause))
    })
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'resume', ticket: issued.ticket, client: randomUUID(), offset: null }))
  await opened
  return line
}

/** @returns MB/s */
async function flood(line: Line): Promise<number> {
  let received = 0
  const begun = performance.now()
  await new Promise<void>((resolve) => {
    line.onBytes = (bytes) => {
      received += bytes.length
      if (received >= FLOOD_BYTES) resolve()
    }
    line.send(`F${FLOOD_BYTES}\n`)
  })
  return FLOOD_BYTES / 1000 / (performance.now() - begun)
}

/** @returns round trips of one byte, ms */
async function echo(line: Line): Promise<number[]> {
  const times: number[] = []
  for (let count = 0; count < ECHOES; count++) {
    const begun = performance.now()
    await new Promise<void>((resolve) => {
      line.onBytes = () => resolve()
      line.send('x')
    })
    times.push(performance.now() - begun)
  }
  return times
}

/** A session's weight, in a process that has seen no flood: its freed buffers would count as ours. */
async function measureIdle(gateway: string): Promise<void> {
  const relay = await startRelay(gateway)
  const openMany = (count: number) => Promise.all(Array.from({ length: count }, relay.open))
  const warm = await openMany(20)
  await Promise.all(warm.map((line) => line.close()))
  const before = await relay.rss()
  let opened = 0
  while (opened < IDLE_SESSIONS) opened += (await openMany(20)).length
  const perSession = ((await relay.rss()) - before) / opened
  report({
    bench: 'relay',
    metric: `memory of each of ${opened} idle sessions`,
    value: perSession / 1024,
    unit: 'KiB RSS',
  })
  relay.stop()
}

/**
 * Throughput and echo, hop by hop: each arm goes first as often as the other.
 * @param target the least throughput ratio; null where it is only to be seen
 */
async function measureHop(hop: string, gateway: string, target: number | null): Promise<void> {
  const relay = await startRelay(gateway)
  const direct = { open: () => openGateway(gateway), floods: [] as number[], echoes: [] as number[] }
  const relayed = { open: relay.open, floods: [] as number[], echoes: [] as number[] }
  // Round -1 warms both up.
  for (let round = -1; round < ROUNDS; round++) {
    for (const arm of round % 2 === 0 ? [direct, relayed] : [relayed, direct]) {
      const line = await arm.open()
      const speed = await flood(line)
      const echoes = await echo(line)
      await line.close()
      if (round < 0) continue
      arm.floods.push(speed)
      arm.echoes.push(...echoes)
    }
  }
  relay.stop()
  const [speed, reference] = [median(relayed.floods), median(direct.floods)]
  const ratio = speed / reference
  const added = median(relayed.echoes) - median(direct.echoes)
  const bench = 'relay'
  report({
    bench,
    metric: `throughput, ${hop}`,
    value: speed,
    unit: 'MB/s',
    reference,
    ratio,
    ...(target === null ? {} : { target, pass: ratio >= target }),
  })
  report({
    bench,
    metric: `added echo p50, ${hop}`,
    value: added,
    unit: 'ms',
    reference: median(direct.echoes),
    target: 0.2,
    pass: added <= 0.2,
  })
  report({
    bench,
    metric: `echo p99, ${hop}`,
    value: quantile(relayed.echoes, 0.99),
    unit: 'ms',
    reference: quantile(direct.echoes, 0.99),
  })
}

const hop = start('./relay-gateway.ts')
const { gatewayPort, serialPort } = await answer(
  hop,
  z.object({ gatewayPort: z.number(), serialPort: z.number() }),
)
await measureIdle(`127.0.0.1:${gatewayPort}`)
await measureHop('a gateway in Node', `127.0.0.1:${gatewayPort}`, 0.8)
if (missingPackages(['websockify']).length === 0) {
  const port = await freePort()
  const websockify = run('websockify', [`127.0.0.1:${port}`, `127.0.0.1:${serialPort}`])
  await heard(websockify, port, '')
  // No target: source, websockify, relay and reader are four processes, more than a small machine has cores.
  await measureHop('websockify', `127.0.0.1:${port}`, null)
  await websockify.stop()
}
hop.disconnect()
