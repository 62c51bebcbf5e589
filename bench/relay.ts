import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import { IssuedConsole, paths, ServerList } from '../src/shared/api.ts'
import { RELAY_ACK_BYTES, RELAY_SUBPROTOCOL, RelayMessage } from '../src/shared/relay-protocol.ts'
import { median, quantile, report } from './report.ts'

// The relay against the same hop without it: throughput, echo, and what an idle session weighs.

const ROUNDS = 7
const FLOOD_BYTES = 200_000_000
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

const gatewayProcess = start('./relay-gateway.ts')
const { port } = await answer(gatewayProcess, z.object({ port: z.number() }))
const gateway = `127.0.0.1:${port}`
const appProcess = start('./relay-app.ts', { BENCH_GATEWAY: gateway })
const { origin } = await answer(appProcess, z.object({ origin: z.string() }))
const { servers } = ServerList.parse(await (await fetch(origin + paths.servers())).json())
const serverId = servers[0]?.id ?? ''

function lineOf(socket: WebSocket): Line {
  return {
    send: (data) => socket.send(Buffer.from(data), { binary: true }),
    onBytes: () => {},
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

async function openGateway(): Promise<Line> {
  const socket = new WebSocket(`ws://${gateway}/?token=bench`, { perMessageDeflate: false })
  const line = lineOf(socket)
  socket.on('message', (data: Buffer) => line.onBytes(data))
  await once(socket, 'open')
  return line
}

/** As the page does it: a ticket, `resume`, and an `ack` for every quarter MiB. */
async function openRelay(): Promise<Line> {
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
  const opened = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        received += data.length
        line.onBytes(data)
        if (received - acknowledged < RELAY_ACK_BYTES) return
        acknowledged = received
        socket.send(JSON.stringify({ type: 'ack', offset: received }))
        return
      }
      const message = RelayMessage.parse(JSON.parse(data.toString('utf8')))
      if (message.type === 'state' && message.gateway === 'open') resolve()
      if (message.type === 'closing') reject(new Error(message.failure.cause))
    })
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'resume', ticket: issued.ticket, offset: 0 }))
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

async function rss(): Promise<number> {
  appProcess.send('rss')
  return (await answer(appProcess, z.object({ rss: z.number() }))).rss
}

// A session's weight first: a flood leaves freed buffers behind, which would count as before.
const warm = await Promise.all(Array.from({ length: 20 }, openRelay))
await Promise.all(warm.map((line) => line.close()))
const before = await rss()
const idle: Line[] = []
for (let count = 0; count < IDLE_SESSIONS; count += 20) {
  idle.push(...(await Promise.all(Array.from({ length: 20 }, openRelay))))
}
const perSession = ((await rss()) - before) / IDLE_SESSIONS
report({
  bench: 'relay',
  metric: `memory of each of ${idle.length} idle sessions`,
  value: perSession / 1024,
  unit: 'KiB RSS',
})
await Promise.all(idle.map((line) => line.close()))

const direct = { flood: [] as number[], echo: [] as number[] }
const relayed = { flood: [] as number[], echo: [] as number[] }
for (let round = -1; round < ROUNDS; round++) {
  // Each goes first as often as the other; round -1 warms both up.
  const arms = [
    { open: openGateway, seen: direct },
    { open: openRelay, seen: relayed },
  ]
  for (const { open, seen } of round % 2 === 0 ? arms : arms.reverse()) {
    const line = await open()
    const speed = await flood(line)
    const echoes = await echo(line)
    await line.close()
    if (round < 0) continue
    seen.flood.push(speed)
    seen.echo.push(...echoes)
  }
}
const [speed, hopSpeed] = [median(relayed.flood), median(direct.flood)]
report({
  bench: 'relay',
  metric: 'throughput',
  value: speed,
  unit: 'MB/s',
  reference: hopSpeed,
  ratio: speed / hopSpeed,
  target: 0.8,
  pass: speed / hopSpeed >= 0.8,
})
const added = median(relayed.echo) - median(direct.echo)
report({
  bench: 'relay',
  metric: 'added echo p50',
  value: added,
  unit: 'ms',
  reference: median(direct.echo),
  target: 0.2,
  pass: added <= 0.2,
})
report({
  bench: 'relay',
  metric: 'echo p99',
  value: quantile(relayed.echo, 0.99),
  unit: 'ms',
  reference: quantile(direct.echo, 0.99),
})
appProcess.disconnect()
gatewayProcess.disconnect()
