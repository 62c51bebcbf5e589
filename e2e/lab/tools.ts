import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { imageCommands, machineCommands } from '../../src/sandbox/machines/linux-image.ts'
import { killTied, missingPackages, spawnTied } from '../../src/sandbox/machines/tied-process.ts'

/** @returns the Debian packages that this computer lacks for the lab */
export const missingLabPackages = (): string[] =>
  missingPackages([...machineCommands, ...imageCommands, 'websockify'])

/**
 * Below what Linux gives to who asks for any port (ip_local_port_range, 32768 to 60999): a port from there can be given
 * to another before a program that was told of it listens.
 */
const PORTS = { from: 20_000, count: 12_000 }
let next = randomInt(PORTS.count)

/** A port of loopback that nobody listens on at the moment, and that this process does not give again for long. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS.count; tries++) {
    const port = PORTS.from + next
    next = (next + 1) % PORTS.count
    if (await isFree(port)) return port
  }
  throw new Error('No port of loopback is free.')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

export interface Running {
  /** Rejects when the process ends by itself, with what it said. */
  ended: Promise<never>
  /** Ends it and all that it forked. */
  stop(): Promise<void>
}

/** Runs a program that leaves nothing behind, neither what it forks nor itself. */
export function run(command: string, args: readonly string[]): Running {
  const tied = spawnTied(command, args)
  let said = ''
  tied.stdout.resume()
  tied.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000)
  })
  const ended = once(tied.child, 'exit').then(([code]) => {
    throw new Error(`${command} ended with ${String(code)}: ${said.trim()}`)
  })
  // A caller may wait for it, but need not.
  ended.catch(() => {})
  return { ended, stop: () => killTied(tied) }
}
