import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import { IssuedConsole, paths, ServerList } from '../src/shared/api.ts'
import { BEAT } from '../src/shared/beat.ts'
import { type LineState, RELAY_SUBPROTOCOL, RelayMessage } from '../src/shared/relay-protocol.ts'
import { resumeWith } from '../src/testing/resume.ts'

// Starts the benchmarks' processes, and opens lines to them as a page does.

export interface Line {
  send(data: string): void
  /** Is called for each piece of serial bytes. */
  onBytes: (bytes: Buffer) => void
  /** Is called when the relay's own line changes. */
  onState: (gateway: LineState['gateway']) => void
  close(): Promise<void>
}

/** The heap is that of `npm start`. */
export const LARGE_HEAP = ['--initial-old-space-size=256', '--max-semi-space-size=64', '--no-memory-reducer']

export const start = (
  file: string,
  env: Record<string, string> = {},
  flags: readonly string[] = LARGE_HEAP,
  words: readonly string[] = [],
) =>
  fork(fileURLToPath(new URL(file, import.meta.url)), words, {
    env: { ...process.env, ...env },
    execArgv: ['--import', 'tsx', '--expose-gc', ...flags],
  })

export async function answer<T>(child: ChildProcess, schema: z.ZodMiniType<T>): Promise<T> {
  const [message] = await once(child, 'message')
  return schema.parse(message)
}

/**
 * Starts the server with its relay in front of a gateway, in its own process.
 * @param other another gateway, for the servers from this number on
 */
export async function startRelay(
  gateway: string,
  settings: Record<string, string> = {},
  other: { gateway: string; from: number } | null = null,
  flags: readonly string[] = LARGE_HEAP,
) {
  const env = {
    BENCH_GATEWAY: gateway,
    BENCH_OTHER: JSON.stringify(other),
    BENCH_SETTINGS: JSON.stringify(settings),
  }
  const child = start('./relay-app.ts', env, flags)
  const { origin } = await answer(child, z.object({ origin: z.string() }))
  const { servers } = ServerList.parse(await (await fetch(origin + paths.servers())).json())
  let next = 0
  const idOf = (server: number) => servers[server % servers.length]?.id ?? ''
  return {
    origin,
    idOf,
    pid: child.pid ?? 0,
    /** Opens a new session, with the next server. */
    open: () => openRelay(origin, idOf(next++)),
    /** Joins the session of the server with this number. */
    join: (server: number) => openRelay(origin, idOf(server)),
    /** @returns resident bytes after a garbage collection */
    async rss(): Promise<number> {
      child.send('rss')
      return (await answer(child, z.object({ rss: z.number() }))).rss
    },
    /** @returns ms of a core that it has used */
    async cpu(): Promise<number> {
      child.send('cpu')
      const { cpu } = await answer(
        child,
        z.object({ cpu: z.object({ user: z.number(), system: z.number() }) }),
      )
      return (cpu.user + cpu.system) / 1000
    },
    /** @returns when each call came to the cloud, ms since the epoch */
    async cloudCalls(): Promise<number[]> {
      child.send('calls')
      return (await answer(child, z.object({ calls: z.array(z.number()) }))).calls
    },
    stop: () => void (child.connected && child.disconnect()),
    /** Ends it as an administrator does. */
    async close(): Promise<void> {
      child.send('close')
      await once(child, 'exit')
    },
  }
}

function lineOf(socket: WebSocket): Line {
  // websockify answers a close with an invalid frame. The line is closed anyway.
  socket.on('error', () => {})
  return {
    send: (data) => socket.send(Buffer.from(data), { binary: true }),
    onBytes: () => {},
    onState: () => {},
    async close() {
      // `once` would reject, because websockify's invalid close is an error.
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.close()
      await closed
    },
  }
}

export async function openGateway(gateway: string): Promise<Line> {
  const socket = new WebSocket(`ws://${gateway}/?token=bench`, { perMessageDeflate: false })
  const line = lineOf(socket)
  socket.on('message', (data: Buffer) => line.onBytes(data))
  await once(socket, 'open')
  return line
}

/** Asks for a console. @throws Error where it is refused */
export async function issueTicket(origin: string, serverId: string) {
  const response = await fetch(origin + paths.issueConsole(serverId), { method: 'POST', headers: { origin } })
  const issued = IssuedConsole.parse(await response.json())
  if (issued.transport !== 'relay') throw new Error('The proxy is not in relay mode.')
  return issued
}

/** Does what the page does: gets a ticket, sends `resume`, an `ack` as often as the relay asks for, and beats. */
export async function openRelay(origin: string, serverId: string): Promise<Line> {
  const issued = await issueTicket(origin, serverId)
  const socket = new WebSocket(
    origin.replace('http', 'ws') + paths.relay(issued.session),
    RELAY_SUBPROTOCOL,
    {
      perMessageDeflate: false,
      origin,
    },
  )
  const line = lineOf(socket)
  /** The offset of the next byte */
  let offset = 0
  let acknowledged = 0
  let ackBytes = 0
  const opened = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        offset += data.length
        line.onBytes(data)
        if (offset - acknowledged < ackBytes) return
        acknowledged = offset
        socket.send(JSON.stringify({ type: 'ack', offset }))
        return
      }
      const text = data.toString('utf8')
      if (text === BEAT) return socket.send(BEAT)
      const message = RelayMessage.parse(JSON.parse(text))
      if (message.type === 'hello') {
        ackBytes = message.ackBytes
        offset = message.replayFrom
      }
      if (message.type === 'state' && message.gateway === 'lost')
        socket.send(JSON.stringify({ type: 'heard' }))
      if (message.type === 'gap') offset += message.lostBytes
      if (message.type === 'state') line.onState(message.gateway)
      if (message.type === 'state' && message.gateway === 'open') resolve()
      if (message.type === 'closing') reject(new Error(message.failure.cause))
    })
  })
  await once(socket, 'open')
  socket.send(JSON.stringify(resumeWith(issued.ticket, randomUUID())))
  await opened
  return line
}

/**
 * Has the gateway print so many bytes.
 * @returns MB/s
 */
export async function flood(line: Line, size: number): Promise<number> {
  let received = 0
  const begun = performance.now()
  await new Promise<void>((resolve) => {
    line.onBytes = (bytes) => {
      received += bytes.length
      if (received >= size) resolve()
    }
    line.send(`F${size}\n`)
  })
  return size / 1000 / (performance.now() - begun)
}
