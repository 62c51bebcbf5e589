import { createReadStream } from 'node:fs'
import { z } from 'zod'

/**
 * What a recording notes beside the line's log: when the bytes came, what was typed, what happened, and the terminals'
 * size. Milliseconds count from the recording's start, and places from its first byte.
 */
export type Note =
  /** Bytes from here on came at this time. */
  | { kind: 'time'; ms: number; at: number }
  | { kind: 'typed' | 'marker' | 'size'; ms: number; at: number; text: string }

const count = z.number().int().nonnegative()
/** The steps from one time and place to the next follow the first. */
const Times = z.tuple([z.literal('t'), count, count, z.array(count)])
const Text = z.tuple([z.enum(['i', 'm', 'r']), count, count, z.string()])
const NoteLine = z.union([Times, Text])
type NoteLine = z.infer<typeof NoteLine>

/** One line of the file: JSON, as all files of a recording */
export const encodeNote = (line: NoteLine): string => `${JSON.stringify(line)}\n`

/** No line that we write is longer. */
const LONGEST = 1024 * 1024
const CHUNK = 64 * 1024

/** The notes of a file, in order. It skips all that is not a whole, valid line; a file that is not there has none. */
export async function* readNotes(path: string): AsyncGenerator<Note[]> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      const text = rest + decoder.decode(chunk, { stream: true })
      const lines = text.split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST) rest = ''
      yield lines.flatMap(notesOf)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

function notesOf(line: string): Note[] {
  const parsed = parseLine(line)
  if (!parsed) return []
  if (parsed[0] !== 't') {
    const [code, ms, at, text] = parsed
    return [{ kind: kindOf[code], ms, at, text }]
  }
  let [, ms, at] = parsed
  const notes: Note[] = [{ kind: 'time', ms, at }]
  const [, , , steps] = parsed
  for (let index = 0; index + 1 < steps.length; index += 2) {
    ms += steps[index] ?? 0
    at += steps[index + 1] ?? 0
    notes.push({ kind: 'time', ms, at })
  }
  return notes
}

const kindOf = { i: 'typed', m: 'marker', r: 'size' } as const

function parseLine(line: string): NoteLine | null {
  if (line === '') return null
  try {
    return NoteLine.parse(JSON.parse(line))
  } catch {
    return null
  }
}
