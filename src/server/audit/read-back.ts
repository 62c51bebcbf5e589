import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const CHUNK_BYTES = 64 * 1024
/** Longer than any line that we write. Only the beginning of a longer one is read. */
const LINE_BYTES = 64 * 1024
/** How much of a file's beginning is part of its identity: the time, action and user of its first event. */
const IDENTITY_BYTES = 128

interface LineBack {
  /** Where it begins in the file */
  start: number
  text: string
}

/**
 * The lines that end at or before `end`, last first, a chunk at a time, so that little of the file is in memory whatever
 * its size.
 */
export async function* linesBack(file: FileHandle, end: number): AsyncGenerator<LineBack[]> {
  let position = end
  // The end of a line that begins in an earlier chunk.
  let rest: Buffer = Buffer.alloc(0)
  while (position > 0) {
    const chunk = await readWhole(file, Math.max(0, position - CHUNK_BYTES), position)
    // Another program cut the file meanwhile. The next search reads what is left.
    if (!chunk) return
    position -= chunk.length
    const block = Buffer.concat([chunk, rest])
    const first = position === 0 ? 0 : block.indexOf('\n') + 1
    if (first === 0 && position > 0) {
      rest = block.subarray(0, LINE_BYTES)
      continue
    }
    rest = block.subarray(0, Math.min(first, LINE_BYTES))
    const lines: LineBack[] = []
    let lineEnd = block.at(-1) === NEWLINE ? block.length - 1 : block.length
    while (lineEnd > first) {
      const start = Math.max(first, block.lastIndexOf('\n', lineEnd - 1) + 1)
      lines.push({ start: position + start, text: block.toString('utf8', start, lineEnd) })
      lineEnd = start - 1
    }
    yield lines
  }
}

const NEWLINE = 0x0a

/** @returns null where the file ends before `end` */
async function readWhole(file: FileHandle, start: number, end: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(end - start)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) return null
    done += bytesRead
  }
  return bytes
}

/** A file of the log. Rotation changes its name, but not its identity. */
export interface LogFile {
  path: string
  identity: string
  size: number
}

/** The log's files, newest first: itself, then `<name>.1`, `<name>.2` and so on. */
export async function logFiles(path: string): Promise<LogFile[]> {
  const numbered = await readdir(dirname(path)).then((names) =>
    names
      .map((name) => ({ name, number: rotationOf(basename(path), name) }))
      .filter(({ number }) => number > 0)
      .sort((a, b) => a.number - b.number)
      .map(({ name }) => join(dirname(path), name)),
  )
  const files: LogFile[] = []
  for (const candidate of [path, ...numbered]) {
    const file = await open(candidate, 'r').catch(() => null)
    if (!file) continue
    try {
      const { size } = await file.stat()
      const identity = await identityOf(file)
      if (identity) files.push({ path: candidate, identity, size })
    } finally {
      await file.close()
    }
  }
  return files
}

/** @returns 0 where the name is not a rotated file's */
export function rotationOf(base: string, name: string): number {
  if (!name.startsWith(`${base}.`)) return 0
  const number = name.slice(base.length + 1)
  return /^[1-9]\d{0,5}$/.test(number) ? Number(number) : 0
}

/**
 * An inode alone does not identify a file: it is used again as soon as the file is deleted.
 * @returns null where it is empty or not a file
 */
export async function identityOf(file: FileHandle): Promise<string | null> {
  const facts = await file.stat()
  if (!facts.isFile()) return null
  const { buffer, bytesRead } = await file.read(Buffer.alloc(IDENTITY_BYTES), 0, IDENTITY_BYTES, 0)
  if (bytesRead === 0) return null
  const begin = buffer.subarray(0, bytesRead)
  return createHash('sha256').update(`${facts.ino} `).update(begin).digest('hex').slice(0, 16)
}
