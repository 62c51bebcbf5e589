import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Program, startServer } from '../built-server.ts'
import { startCloud } from './cloud.ts'
import { GatewayState, SpliceState, startPart, tell, type ViewersOrder, ViewersState } from './messages.ts'

/** A relayed session is two sockets in the server's process: its viewer's, and its gateway's. */
const FILES_PER_SESSION = 2
/** What else a process has open: the program, the log, listeners, the cloud's connections. */
const OTHER_FILES = 200
const SETTLE_MS = 100

/** Those of an operator, without the limits that are for people: all of the load is one person's. */
const SETTINGS = {
  BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
  BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: '1000000',
  BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
  BMS_CONSOLE_MAX_SESSIONS: '20000',
  BMS_CONSOLE_MAX_SESSIONS_PER_USER: '20000',
}

/**
 * @param hard what the system says; absent: it is asked
 * @throws Error where it lets a process open too few files for so many sessions
 */
export async function checkOpenFiles(sessions: number, hard?: string): Promise<void> {
  const needed = sessions * FILES_PER_SESSION + OTHER_FILES
  // Node raises its own limit to the hard one.
  const limit = hard ?? (await hardLimit())
  if (!/^\d+$/.test(limit) || Number(limit) >= needed) return
  throw new Error(`${sessions} sessions need ${needed} open files, and \`ulimit -Hn\` says ${limit}.`)
}

async function hardLimit(): Promise<string> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  return /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? ''
}

/** The server, for a test that runs before the build */
export const sourceProgram: Program = {
  file: fileURLToPath(new URL('../../src/server/main.ts', import.meta.url)),
  flags: ['--import', 'tsx'],
}

/** The server with its gateway and its viewers, each in a process of its own. The cloud is in this one. */
export async function startRig(program: Program) {
  const cloud = await startCloud()
  let gateway = await startPart('./load/gateway.ts')
  const address = `127.0.0.1:${gateway.port}`
  cloud.leadTo(address)
  const server = await startServer(program, { cloud: cloud.origin, gateway: address }, SETTINGS)
  const { origin } = server
  const viewers = await startPart('./load/viewers.ts', { LOAD_ORIGIN: origin })

  const askViewers = (order: ViewersOrder) => tell(viewers.child, order, ViewersState)
  return {
    origin,
    cloudCalls: () => cloud.calls,
    /** Opens consoles up to this number of them. */
    async open(to: number, atOnce = 20): Promise<void> {
      const { consoles } = await askViewers({ do: 'tell' })
      const { wrong } = await askViewers({ do: 'open', first: consoles, count: to - consoles, atOnce })
      if (wrong.length > 0) throw new Error(wrong.join('\n'))
    },
    /** So many lines lead around the relay: to the gateway itself, or through a splice. */
    leadAround: (count: number, through = address) =>
      askViewers({ do: 'lead-around', address: through, count }),
    /** Starts the least that can stand in the relay's place. */
    async startSplice() {
      const { child, port: splicePort } = await startPart('./load/splice.ts', { LOAD_GATEWAY: address })
      return {
        address: `127.0.0.1:${splicePort}`,
        tell: () => tell(child, {}, SpliceState),
        stop: () => child.disconnect(),
      }
    },
    viewers: () => askViewers({ do: 'tell' }),
    type: (on: boolean) => askViewers({ do: 'type', on }),
    stopReading: (count: number) => askViewers({ do: 'stop-reading', count }),
    relay: server.tell,
    setClock: server.setClock,
    gateway: () => tell(gateway.child, { do: 'tell' }, GatewayState),
    /** So many machines print so much a second each. */
    speak: (speakers: number, bytesPerSecond: number) =>
      tell(gateway.child, { speakers, bytesPerSecond }, GatewayState),
    /** Nobody types any more. Resolves when each key has its fate, and each byte that was said has come. */
    async settled(withinMs: number): Promise<ViewersState> {
      await askViewers({ do: 'type', on: false })
      const until = performance.now() + withinMs
      while (true) {
        const state = await askViewers({ do: 'tell' })
        const isDone = state.waiting === 0 && state.told === state.typed
        if (isDone || performance.now() > until) return state
        await delay(SETTLE_MS)
      }
    },
    /** The gateway's process is gone at once, with all its connections. */
    async endGateway(): Promise<void> {
      gateway.child.kill('SIGKILL')
      await once(gateway.child, 'exit')
    },
    /** It comes back at its old place. */
    async bringGatewayBack(): Promise<void> {
      gateway = await startPart('./load/gateway.ts', { LOAD_GATEWAY_PORT: String(gateway.port) })
    },
    stop(): void {
      for (const { child } of [viewers, gateway]) if (child.connected) child.disconnect()
      server.stop()
      cloud.close()
    },
  }
}

export type Rig = Awaited<ReturnType<typeof startRig>>
