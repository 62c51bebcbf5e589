import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** What boots the real machine, by the Debian package that has it. */
const tools = {
  'qemu-system-x86_64': 'qemu-system-x86',
  websockify: 'websockify',
  cpio: 'cpio',
  'apt-get': 'apt',
  dpkg: 'dpkg',
} as const

/** @returns the Debian packages that this machine lacks for the lab */
export function missingTools(): string[] {
  return Object.entries(tools)
    .filter(([command]) => !isInstalled(command))
    .map(([, debianPackage]) => debianPackage)
}

export function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

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

/** Runs a program in a process group of its own, so that nothing it forks is left behind. */
export function run(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000)
  })
  const exit = once(child, 'exit')
  const kill = () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    process.kill(-child.pid, 'SIGKILL')
  }
  process.once('exit', kill)
  const ended = exit.then(([code]) => {
    throw new Error(`${command} ended with ${String(code)}: ${said.trim()}`)
  })
  // Whoever waits for it hears of it; nobody has to.
  ended.catch(() => {})
  return {
    ended,
    async stop() {
      process.off('exit', kill)
      kill()
      await exit.catch(() => {})
    },
  }
}
