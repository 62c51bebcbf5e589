import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { type Clock, every } from '../../../shared/clock.ts'
import { pause } from '../../deadline.ts'
import { ConfigError } from '../../environment.ts'
import { errorCode } from '../../error-code.ts'
import { FILE_MODE } from './disk.ts'

const Owner = z.object({
  pid: z.number(),
  host: z.string(),
  /** Changes when the machine starts; null: this system does not tell. */
  boot: z.string().nullable(),
  /** Where the pid counts: containers have namespaces of their own. */
  namespace: z.string().nullable(),
  /** When the process started, in the kernel's ticks: a pid is given again. */
  started: z.string().nullable(),
})
type Owner = z.infer<typeof Owner>

const NAME = /^lock\.(\d+)$/
export const BEAT_MS = 5_000
/** An owner that cannot be looked at is gone if it did not beat for so long. */
export const SILENT_MS = 15_000

interface LockOptions {
  dir: string
  /** The setting that names the folder */
  setting: string
  clock: Clock
  /** The lock is another's now, e.g. since this process stood still for too long. */
  onLost(): void
}

/**
 * Makes one process the owner of a folder. A lock is a file with a number. Who takes over from a dead owner makes the
 * next number, and only one process can make that.
 */
export class FolderLock {
  readonly #path: string
  readonly #stop: () => void
  /** When the owner before this one was last seen, epoch ms; null: there was none, or it ended in peace. */
  readonly lastSeen: number | null

  private constructor(path: string, lastSeen: number | null, stop: () => void) {
    this.#path = path
    this.lastSeen = lastSeen
    this.#stop = stop
  }

  /** @throws ConfigError if another process has the folder */
  static async take({ dir, setting, clock, onLost }: LockOptions): Promise<FolderLock> {
    const before = await locks(dir)
    let lastSeen: number | null = null
    for (const lock of before) {
      lastSeen = Math.max(lastSeen ?? 0, (await beatOf(lock.path)) ?? 0)
      if (!(await isDead(lock, clock))) throw inUse(setting, dir)
    }
    const path = join(dir, `lock.${(before.at(-1)?.number ?? 0) + 1}`)
    // Linked, so that nobody can read half of it.
    const draft = join(dir, `lock-${randomUUID()}.tmp`)
    await writeFile(draft, JSON.stringify(await ourselves()), { mode: FILE_MODE })
    try {
      await link(draft, path)
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw inUse(setting, dir)
      throw error
    } finally {
      await rm(draft, { force: true })
    }
    // Another may have taken a number of its own, since it looked before or after the old lock went.
    const others = (await locks(dir)).filter((lock) => lock.path !== path)
    if (others.some((other) => !before.some((old) => old.path === other.path && old.text === other.text))) {
      await rm(path, { force: true })
      throw inUse(setting, dir)
    }
    for (const { path: old } of others) await rm(old, { force: true })
    const stop = every(clock, BEAT_MS, () => {
      const now = clock.now() / 1000
      utimes(path, now, now).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') onLost()
      })
    })
    return new FolderLock(path, lastSeen, stop)
  }

  async release(): Promise<void> {
    this.#stop()
    await rm(this.#path, { force: true })
  }
}

const inUse = (setting: string, dir: string) =>
  new ConfigError(
    `${setting} is in use: another BMS Console keeps its lines in ${dir}. Give each one a folder of its own`,
  )

interface LockFile {
  path: string
  number: number
  text: string
}

async function locks(dir: string): Promise<LockFile[]> {
  const found: LockFile[] = []
  for (const name of await readdir(dir)) {
    const number = NAME.exec(name)?.[1]
    const path = join(dir, name)
    const text = number ? await readFile(path, 'utf8').catch(() => null) : null
    if (text !== null) found.push({ path, number: Number(number), text })
  }
  return found.sort((a, b) => a.number - b.number)
}

/** @returns the file's time, which its owner sets again and again; null if it is gone */
async function beatOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
}

async function isDead({ path, text }: LockFile, clock: Clock): Promise<boolean> {
  const owner = parseOwner(text)
  if (!owner) return true
  const us = await ourselves()
  const sameKernel = owner.host === us.host && owner.boot === us.boot && owner.namespace === us.namespace
  if (sameKernel) return !isAlive(owner.pid) || (await startOf(owner.pid)) !== owner.started
  // It is on another machine, in another container, or the machine started anew. Only its beat tells.
  const beat = await beatOf(path)
  // The clock's timers let a process end, and at its start there may be nothing else that keeps it.
  const stay = setInterval(() => {}, SILENT_MS)
  await pause(SILENT_MS, clock)
  clearInterval(stay)
  const later = await beatOf(path)
  return later === null || later === beat
}

function parseOwner(text: string): Owner | null {
  try {
    return Owner.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

async function ourselves(): Promise<Owner> {
  const [boot, namespace, started] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
      (text) => text.trim(),
      () => null,
    ),
    readlink('/proc/self/ns/pid').catch(() => null),
    startOf(process.pid),
  ])
  return { pid: process.pid, host: hostname(), boot, namespace, started }
}

/** The program's name in this file may hold anything, so the fields are counted from behind it. */
async function startOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
