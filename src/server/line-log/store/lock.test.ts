import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { ConfigError } from '../../environment.ts'
import { BEAT_MS, FolderLock, SILENT_MS } from './lock.ts'

const folders: string[] = []
const taken: FolderLock[] = []

afterEach(async () => {
  await Promise.all(taken.splice(0).map((lock) => lock.release()))
  await Promise.all(folders.splice(0).map((dir) => rm(dir, { recursive: true, force: true })))
})

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'line-log-lock-'))
  folders.push(dir)
  return dir
}

async function take(dir: string, clock = new ManualClock(), onLost = () => {}): Promise<FolderLock> {
  const lock = await FolderLock.take({ dir, setting: 'BMS_CONSOLE_LINE_LOG_DIR', clock, onLost })
  taken.push(lock)
  return lock
}

/** Writes down another owner in the place of the one that holds the lock. */
async function pretend(dir: string, change: Record<string, unknown>): Promise<string> {
  const path = join(dir, 'lock.1')
  const owner: unknown = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...Object(owner), ...change }))
  return path
}

it('refuses a second owner, by the name of the setting and the folder', async () => {
  const dir = await newFolder()
  const lock = await take(dir)
  await expect(take(dir)).rejects.toThrow(ConfigError)
  await expect(take(dir)).rejects.toThrow(`keeps its lines in ${dir}`)
  expect(await readdir(dir)).toEqual(['lock.1'])
  await lock.release()
  expect((await take(dir)).lastSeen).toBeNull()
})

it('is given to one of several who come at once', async () => {
  const dir = await newFolder()
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => take(dir)))
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
  await Promise.all(taken.splice(0).map((lock) => lock.release()))
  await take(dir)
})

it('is taken over from a process that is gone, also where another has its number now', async () => {
  const dir = await newFolder()
  const child = spawn(process.execPath, ['--version'])
  const { pid } = child
  await once(child, 'exit')
  await take(dir)
  const path = await pretend(dir, { pid })
  await utimes(path, 1_000, 1_000)
  const next = await take(dir)
  expect(await readdir(dir)).toEqual(['lock.2'])
  expect(next.lastSeen).toBe(1_000_000)

  await next.release()
  await take(dir)
  await pretend(dir, { started: '1' })
  await take(dir)
  expect(await readdir(dir)).toEqual(['lock.2'])
})

it('is taken over from a damaged file', async () => {
  const dir = await newFolder()
  await writeFile(join(dir, 'lock.7'), '{"pid":')
  await take(dir)
  expect(await readdir(dir)).toEqual(['lock.8'])
})

/** A clock that tells when somebody waits for so long. */
class WatchedClock extends ManualClock {
  readonly #asked: (ms: number) => void
  constructor(asked: (ms: number) => void) {
    super()
    this.#asked = asked
  }
  override after(ms: number, run: () => void): () => void {
    const cancel = super.after(ms, run)
    this.#asked(ms)
    return cancel
  }
}

it.each([
  ['beats', true],
  ['is silent', false],
])('waits for the beat of an owner that it cannot look at, which %s', async (_name, beats) => {
  const dir = await newFolder()
  await take(dir)
  const path = await pretend(dir, { host: 'elsewhere' })
  let waiting = () => {}
  const waits = new Promise<void>((resolve) => {
    waiting = resolve
  })
  const clock = new WatchedClock((ms) => {
    if (ms === SILENT_MS) waiting()
  })
  const result = take(dir, clock).then(
    () => 'taken',
    (error: unknown) => error,
  )
  await waits
  if (beats) await utimes(path, 2_000, 2_000)
  clock.advance(SILENT_MS)
  if (beats) expect(await result).toBeInstanceOf(ConfigError)
  else expect(await result).toBe('taken')
})

it('says when another has taken it', async () => {
  const dir = await newFolder()
  const clock = new ManualClock()
  const lost = new Promise<void>(
    (resolve) =>
      void take(dir, clock, resolve).then(() => rm(join(dir, 'lock.1')).then(() => clock.advance(BEAT_MS))),
  )
  await lost
})
