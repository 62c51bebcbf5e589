import { constants, open, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../../error-code.ts'

/** Where the store's files are: the machine's disk, or what a test puts in its place. */
export interface Disk {
  /**
   * Writes at this place of a file, which is made if it is not there. It is synced when this resolves.
   * @param sync `later`: it survives a killed process when this resolves, and a power cut after `sync`.
   */
  write(path: string, at: number, bytes: readonly Buffer[], sync?: 'later'): Promise<void>
  /** @param isNew its folder is synced, too. A file that is gone needs nothing. */
  sync(path: string, isNew: boolean): Promise<void>
  /** @returns what is there: fewer bytes at the end of the file, and none if there is no file */
  read(path: string, at: number, most: number): Promise<Buffer>
  remove(path: string): Promise<void>
  /** How much it holds in all, bytes; Infinity: it does not say */
  capacity(dir: string): Promise<number>
}

export const FILE_MODE = 0o600
const NONE = Buffer.alloc(0)

export const machineDisk: Disk = {
  async write(path, at, bytes, sync) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT, FILE_MODE)
    try {
      await writeAll(file, at, bytes)
      if (sync !== 'later') await file.datasync()
    } finally {
      await file.close()
    }
    if (at === 0 && sync !== 'later') await syncFolder(dirname(path)).catch(() => {})
  },

  async sync(path, isNew) {
    const file = await openIfThere(path)
    if (!file) return
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
    if (isNew) await syncFolder(dirname(path)).catch(() => {})
  },

  async read(path, at, most) {
    const file = await openIfThere(path)
    if (!file) return NONE
    try {
      const buffer = Buffer.allocUnsafe(most)
      let got = 0
      while (got < most) {
        const { bytesRead } = await file.read(buffer, got, most - got, at + got)
        if (bytesRead === 0) break
        got += bytesRead
      }
      return buffer.subarray(0, got)
    } finally {
      await file.close()
    }
  },

  remove: (path) => rm(path, { force: true }),

  async capacity(dir) {
    const { blocks, bsize } = await statfs(dir)
    return blocks * bsize || Number.POSITIVE_INFINITY
  },
}

type File = Awaited<ReturnType<typeof open>>

function openIfThere(path: string): Promise<File | null> {
  return open(path, 'r').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  })
}

/** A write may take a part only, e.g. where the disk gets full. */
async function writeAll(file: File, at: number, bytes: readonly Buffer[]): Promise<void> {
  const total = bytes.reduce((sum, part) => sum + part.length, 0)
  if (total === 0) return
  let { bytesWritten: done } = await file.writev([...bytes], at)
  if (done === total) return
  const whole = Buffer.concat(bytes)
  while (done < total) {
    const { bytesWritten } = await file.write(whole, done, total - done, at + done)
    done += bytesWritten
  }
}

/** A file without its name in the folder is lost when the machine loses its power. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
