import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'

/**
 * asciicast v2: a header line, then one JSON event a line. Lines are written whole, so a file that was cut plays up to
 * the cut.
 * https://docs.asciinema.org/manual/asciicast/v2/
 */
export const CastEvent = z.tuple([z.number(), z.enum(['o', 'i', 'm', 'r']), z.string()])
/** Seconds since the start; output, input, marker or resize; the text. */
export type CastEvent = z.infer<typeof CastEvent>

/** A recording, piece by piece. Exports, players and searches read these, wherever its bytes are. */
export type CastEvents = AsyncIterable<readonly CastEvent[]>

/** A serial line has no size. Firmware and getty take this one for granted. */
const CAST_SIZE = { width: 80, height: 24 } as const

export function encodeHeader(header: { title: string; startedAt: number }): string {
  const { title, startedAt } = header
  return `${JSON.stringify({ version: 2, ...CAST_SIZE, timestamp: Math.floor(startedAt / 1000), title })}\n`
}

export function encodeEvent([second, code, text]: CastEvent): string {
  return `${JSON.stringify([Math.round(second * 1000) / 1000, code, text])}\n`
}

/** A recording as a file, piece by piece */
export async function* castOf(
  { serverName, startedAt }: { serverName: string; startedAt: string },
  recording: CastEvents,
): AsyncGenerator<string> {
  yield encodeHeader({ title: serverName, startedAt: Date.parse(startedAt) })
  for await (const events of recording) if (events.length > 0) yield events.map(encodeEvent).join('')
}

const NEWLINE = 0x0a
const CHUNK = 256 * 1024
/** Longer than any line that we write: 64 KiB of text, of which escaping makes at most six times as much. */
const MAX_LINE = 1024 * 1024

/** The events of a file, a chunk at a time. It skips all that is not a whole, valid line. */
export const readEvents = (path: string): AsyncGenerator<CastEvent[]> =>
  eventsIn(createReadStream(path, { highWaterMark: CHUNK }))

/** The same, of a file's bytes as they come */
export async function* eventsIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<CastEvent[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const end = bytes.lastIndexOf(NEWLINE)
    rest = bytes.subarray(end + 1)
    if (rest.length > MAX_LINE) rest = Buffer.alloc(0)
    if (end < 0) continue
    const events: CastEvent[] = []
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      const event = parseEvent(line)
      if (event) events.push(event)
    }
    yield events
  }
}

function parseEvent(line: string): CastEvent | null {
  // The header is an object, an event an array.
  if (!line.startsWith('[')) return null
  try {
    return CastEvent.parse(JSON.parse(line))
  } catch {
    return null
  }
}

/** How much of a file is whole: the bytes up to its last line end, and the second of its last event. */
export async function measureCast(path: string): Promise<{ bytes: number; seconds: number }> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = (await lastNewline(file, size)) + 1
    if (bytes === 0) return { bytes, seconds: 0 }
    const start = (await lastNewline(file, bytes - 1)) + 1
    const line = Buffer.alloc(bytes - 1 - start)
    await file.read(line, 0, line.length, start)
    return { bytes, seconds: parseEvent(line.toString('utf8'))?.[0] ?? 0 }
  } finally {
    await file.close()
  }
}

/** The position of the last line end before `end`, or -1. */
async function lastNewline(file: FileHandle, end: number): Promise<number> {
  const block = Buffer.alloc(64 * 1024)
  for (let stop = end; stop > 0; ) {
    const start = Math.max(0, stop - block.length)
    const { bytesRead } = await file.read(block, 0, stop - start, start)
    const found = block.subarray(0, bytesRead).lastIndexOf(NEWLINE)
    if (found >= 0) return start + found
    stop = start
  }
  return -1
}
