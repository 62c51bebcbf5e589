import { constants } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConfigError } from '../environment.ts'
import { rotationOf } from './read-back.ts'

const FILE_MODE = 0o600
const NEWLINE = 0x0a

export interface AuditFileOptions {
  path: string
  /** The size at which it is rotated */
  maxBytes: number
  /** How many rotated files are kept */
  files: number
}

/** How an append went. */
interface Appended {
  /** How many of the lines are in the file */
  lines: number
  /** Why some are not, or why the file could not be rotated; null: all is well */
  error: unknown
}

/**
 * The file that lines are appended to, and its rotation: `audit.log` becomes `audit.log.1`, that one `audit.log.2`, and
 * so on. Another program may rename it too (logrotate without `copytruncate`); the next line notices by its inode.
 */
export class AuditFile {
  readonly #options: AuditFileOptions
  #file: FileHandle | null = null
  /** Why the last rotation failed. The file then goes on growing. */
  #rotation: unknown = null

  private constructor(options: AuditFileOptions) {
    this.#options = options
  }

  /** @throws ConfigError when its folder does not exist or the file cannot be appended to */
  static async open(options: AuditFileOptions): Promise<AuditFile> {
    const file = new AuditFile(options)
    await file.#ready().catch((error: unknown) => {
      if (error instanceof ConfigError) throw error
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
      const why =
        code === 'ENOENT' ? 'its folder does not exist' : code === 'ELOOP' ? 'it is a symbolic link' : code
      throw new ConfigError(`BMS_CONSOLE_AUDIT_FILE cannot be appended to (${why})`)
    })
    return file
  }

  /**
   * Appends whole lines, in order. After a failure the next append begins on a fresh line, so that it never continues
   * half a line.
   *
   * When this returns the lines are on the disk (fdatasync), because an audit log is read after a crash. Events that
   * come during one sync share the next, and nothing waits for either.
   */
  async append(lines: readonly Buffer[]): Promise<Appended> {
    const bytes = Buffer.concat(lines)
    let done = 0
    try {
      const file = await this.#ready()
      while (done < bytes.length) {
        const { bytesWritten } = await file.write(bytes, done)
        done += bytesWritten
      }
      await file.datasync()
      return { lines: lines.length, error: this.#rotation }
    } catch (error) {
      await this.close()
      return { lines: wholeLines(lines, done), error }
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close().catch(() => {})
  }

  /** The file that has the name now, with room for more, ready for a fresh line. */
  async #ready(): Promise<FileHandle> {
    const { path, maxBytes } = this.#options
    const [own, named] = await Promise.all([this.#file?.stat(), stat(path).catch(() => null)])
    if (own && (named?.ino !== own.ino || named.dev !== own.dev)) await this.close()
    if (named?.isFile() && named.size >= maxBytes) {
      await this.close()
      this.#rotation = null
      await this.#rotate().catch((error: unknown) => {
        this.#rotation = error
      })
    }
    this.#file ??= await openAtLine(path)
    return this.#file
  }

  async #rotate(): Promise<void> {
    const { path, files } = this.#options
    const folder = dirname(path)
    const numbers = (await readdir(folder)).map((name) => rotationOf(basename(path), name)).filter(Boolean)
    // The oldest goes first, so each moves to a name that is free by then. Gaps stay.
    for (const number of numbers.sort((a, b) => b - a)) {
      if (number >= files) await rm(join(folder, `${basename(path)}.${number}`))
      else await rename(`${path}.${number}`, `${path}.${number + 1}`)
    }
    await rename(path, `${path}.1`)
  }
}

/** Opens or creates the file. A crash may have left half a line at its end; what follows begins on a new one. */
async function openAtLine(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants
  const file = await open(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, FILE_MODE)
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw new ConfigError('BMS_CONSOLE_AUDIT_FILE is not a file: it must be one')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, facts.size - 1))
    if (bytesRead === 1 && buffer[0] !== NEWLINE) await file.write('\n')
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

function wholeLines(lines: readonly Buffer[], bytes: number): number {
  let left = bytes
  const cut = lines.findIndex((line) => {
    left -= line.length
    return left < 0
  })
  return cut === -1 ? lines.length : cut
}
