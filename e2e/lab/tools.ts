import { once } from 'node:events'
import { createServer } from 'node:net'
import { imageCommands, machineCommands } from '../../src/sandbox/machines/linux-image.ts'
import { killTied, missingPackages, spawnTied } from '../../src/sandbox/machines/tied-process.ts'

/** @returns the Debian packages that this computer lacks for the lab */
export const missingLabPackages = (): string[] =>
  missingPackages([...machineCommands, ...imageCommands, 'websockify'])

/** A port of loopback that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
  return address.port
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
