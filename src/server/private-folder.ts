import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from './environment.ts'
import { errorCode } from './error-code.ts'

/**
 * Makes sure that a folder is there, can be written, and is closed to others. Its mode is not changed: it may be a shared
 * folder that an operator named by mistake.
 * @param variable the setting that names it
 * @throws ConfigError
 */
export async function openPrivateFolder(dir: string, variable: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const { mode } = await stat(dir)
    if ((mode & 0o077) !== 0) {
      throw new ConfigError(`${variable} can be read by others: chmod 700 it, or name a new folder inside it`)
    }
    // A recorder takes this name for one of its own, so one that a crash leaves behind goes with the old recordings.
    const probe = join(dir, `${randomUUID()}.json.tmp`)
    await writeFile(probe, '', { mode: 0o600 })
    await rm(probe)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`${variable} cannot be used (${errorCode(error)})`)
  }
}
