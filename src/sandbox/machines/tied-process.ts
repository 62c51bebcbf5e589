import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** The commands that the sandbox needs, with their Debian packages */
const packages = {
  'qemu-system-x86_64': 'qemu-system-x86',
  setpriv: 'util-linux',
  mkfifo: 'coreutils',
  cpio: 'cpio',
  'apt-get': 'apt',
  dpkg: 'dpkg',
  websockify: 'websockify',
} as const

export type Command = keyof typeof packages

/** @returns the Debian packages that this computer lacks for the commands */
export function missingPackages(commands: readonly Command[]): string[] {
  return commands.filter((command) => !hasCommand(command)).map((command) => packages[command])
}

/** Whether this computer has a command. */
export function hasCommand(command: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface TiedProcess {
  child: ChildProcess
  stdin: Writable
  stdout: Readable
  stderr: Readable
}

/**
 * Starts a program that ends with this one, even if this one is killed: the kernel sees to it (prctl's
 * PR_SET_PDEATHSIG). It has its own process group, so that the terminal's Ctrl+C does not reach it.
 */
export function spawnTied(command: string, args: readonly string[]): TiedProcess {
  const { readEnd, writeEnd } = createPipe()
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
    detached: true,
    stdio: ['pipe', writeEnd, 'pipe'],
  })
  closeSync(writeEnd)
  const { stdin, stderr } = child
  if (!stdin || !stderr) throw new Error('A program that is given pipes has them.')
  // A program that has ended reads no more. The exit event says that it has ended.
  stdin.on('error', () => {})
  return { child, stdin, stdout: new Socket({ fd: readEnd, readable: true, writable: false }), stderr }
}

/**
 * Makes a pipe of 64 KB. Node's own pipes are socket pairs. They are full after some 270 writes of one byte, and a UART
 * writes single bytes. A kernel whose UART is busy for 10 ms overwrites what is in it.
 */
function createPipe(): { readEnd: number; writeEnd: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'bms-console-'))
  try {
    const fifo = path.join(folder, 'pipe')
    execFileSync('mkfifo', ['-m', '600', fifo])
    const readEnd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    return { readEnd, writeEnd: openSync(fifo, constants.O_WRONLY) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Ends the program and all that it forked. Resolves when it has ended. */
export async function killTied({ child }: TiedProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await exit
}
