import { fork } from 'node:child_process'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { freePort } from '../e2e/lab/tools.ts'
import { heard, type RelayOrder, RelayState, tell } from './load/messages.ts'
import { LARGE_HEAP } from './relay-lines.ts'

// The server as it is shipped: what reads TypeScript takes 60 MiB of its process, and changes the program on its way.

/** Flags of Node for the server's process: `LOAD_FLAGS='--cpu-prof' npm run bench:load` */
const MORE_FLAGS = process.env.LOAD_FLAGS?.split(' ') ?? []
/** Where its standard output goes: `LOAD_FLAGS='--trace-gc' LOAD_LOG=gc.log npm run bench:load` */
const LOG_FILE = process.env.LOAD_LOG
const IN_RELAY = new URL('./load/in-relay.js', import.meta.url).href

export interface Program {
  file: string
  flags: readonly string[]
}

/** What `npm start` runs */
export const builtProgram: Program = {
  file: fileURLToPath(new URL('../dist/server/main.js', import.meta.url)),
  flags: LARGE_HEAP,
}

/**
 * Starts the server before a cloud and a gateway of the benchmark's, with the settings of an operator.
 * @param cloud origin of the cloud's API
 * @param gateway host and port
 */
export async function startServer(
  program: Program,
  { cloud, gateway }: { cloud: string; gateway: string },
  settings: Record<string, string> = {},
) {
  const port = await freePort()
  const child = fork(program.file, {
    env: {
      PATH: process.env.PATH,
      BMS_CONSOLE_PORT: String(port),
      BMS_CONSOLE_CLOUD: 'huawei',
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_GATEWAYS: gateway,
      HUAWEI_BMS_ENDPOINT: cloud,
      HUAWEI_PROJECT_ID: 'bench',
      HUAWEI_TOKEN: 'bench',
      ...settings,
    },
    execArgv: [...program.flags, ...MORE_FLAGS, '--expose-gc', '--import', IN_RELAY],
    // Its log is written, and read by nobody unless it has more to say.
    stdio: ['ignore', LOG_FILE ? openSync(LOG_FILE, 'w') : 'ignore', 'inherit', 'ipc'],
  })
  await heard(child, z.literal('ready'))
  const ask = (order: RelayOrder) => tell(child, order, RelayState)
  return {
    origin: `http://127.0.0.1:${port}`,
    tell: (collect = false) => ask({ do: 'tell', collect }),
    setClock: (byMs: number) => ask({ do: 'set-clock', byMs }),
    stop: () => void (child.connected && child.disconnect()),
  }
}
