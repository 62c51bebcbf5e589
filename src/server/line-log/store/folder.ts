import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pMap, { pMapSkip } from 'p-map'
import { z } from 'zod'
import { ProjectRef } from '../../../shared/server.ts'
import { openPrivateFolder } from '../../private-folder.ts'
import { FILE_MODE } from './disk.ts'
import type { LineRef } from './store.ts'

const LineFile = z.object({
  server: z.object({ id: z.string(), name: z.string() }),
  project: z.nullable(ProjectRef),
})
const Identity = z.uuid()
const KEY = /^[0-9a-f]{32}$/
const AT_ONCE = { concurrency: 32 }

/** A line's key names its folder: a hash, since a server's id may hold anything. */
export const keyOf = (serverId: string): Buffer =>
  createHash('sha256').update(serverId).digest().subarray(0, 16)

/**
 * The folder of an installation: `<key>/line.json` says which line it is, beside that line's segments. The journals and
 * the lock lie above.
 */
export class LogFolder {
  private constructor(readonly dir: string) {}

  /** @throws ConfigError when the folder cannot be made or others may look into it */
  static async open(dir: string, setting: string): Promise<LogFolder> {
    await openPrivateFolder(dir, setting)
    return new LogFolder(dir)
  }

  lineDir(key: string): string {
    return join(this.dir, key)
  }

  /** Makes a line's folder, and writes down which line it is. */
  async name(key: string, { server, project }: LineRef): Promise<void> {
    const dir = this.lineDir(key)
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const path = join(dir, 'line.json')
    const draft = `${path}.${randomUUID()}.tmp`
    await writeFile(draft, `${JSON.stringify({ server, project })}\n`, { mode: FILE_MODE })
    await rename(draft, path)
  }

  /** A name that it keeps for good */
  async identity(): Promise<string> {
    const path = join(this.dir, 'id')
    const known = Identity.safeParse(await readFile(path, 'utf8').catch(() => ''))
    if (known.success) return known.data
    const id = randomUUID()
    const draft = `${path}.${id}.tmp`
    await writeFile(draft, id, { mode: FILE_MODE })
    await rename(draft, path)
    return id
  }

  async lines(): Promise<{ key: string; line: LineRef }[]> {
    const keys = (await readdir(this.dir)).filter((name) => KEY.test(name))
    return pMap(
      keys,
      async (key) => {
        const text = await readFile(join(this.lineDir(key), 'line.json'), 'utf8').catch(() => '')
        try {
          return { key, line: LineFile.parse(JSON.parse(text)) }
        } catch {
          // Nobody knows whose it is, so nobody may read it.
          return pMapSkip
        }
      },
      AT_ONCE,
    )
  }

  async forget(key: string): Promise<void> {
    await rm(this.lineDir(key), { recursive: true, force: true })
  }
}
