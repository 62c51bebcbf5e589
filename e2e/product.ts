import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const server = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

export interface Product {
  origin: string
  /** Ends it as an administrator does, or as the kernel does when memory is short. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** The product itself in a process of its own, as `npm start` runs it, with the sandbox and the relay. */
export async function startProduct(env: NodeJS.ProcessEnv = {}): Promise<Product> {
  const child = spawn(process.execPath, [server], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      BMS_CONSOLE_PORT: '0',
      BMS_CONSOLE_LOG_LEVEL: 'error',
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_SANDBOX_MACHINES: 'simulated',
      ...env,
    },
  })
  const end: Product['end'] = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const origin = /http:\/\/\S+/.exec(line)?.[0]
    if (origin) return { origin, end }
  }
  throw new Error('The server ended before it was there.')
}
