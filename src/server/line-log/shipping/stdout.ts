import { write } from 'node:fs'
import { promisify } from 'node:util'
import type { Clock } from '../../../shared/clock.ts'
import type { Lifetime } from '../../deadline.ts'
import type { Entry } from './entry.ts'
import type { Destination, Outcome } from './shipper.ts'

/** A pipe takes so much in one piece, whoever else writes to it (PIPE_BUF): the server's own log does. */
const WHOLE_BYTES = 4096
/** A pipe that is full takes no more for so long, ms. */
const FULL_MS = 50

/** @returns how many bytes were written. Rejects where none can be. */
export type WriteBytes = (bytes: Buffer) => Promise<number>

const writeFile = promisify(write)
const toStdout: WriteBytes = async (bytes) => (await writeFile(1, bytes)).bytesWritten

/** JSON lines on the standard output. They are written beside the event loop: who reads slowly holds up only them. */
export class Stdout implements Destination {
  readonly #write: WriteBytes
  readonly #clock: Clock

  constructor(clock: Clock, writeBytes: WriteBytes = toStdout) {
    this.#clock = clock
    this.#write = writeBytes
  }

  async send(batch: readonly Entry[], within: Lifetime): Promise<Outcome> {
    try {
      for (const piece of piecesOf(batch)) await this.#writeAll(piece, within)
      return { kind: 'taken' }
    } catch (error) {
      // A part may be written, so another try would say it twice.
      return {
        kind: 'refused',
        why: error instanceof Error && 'code' in error ? String(error.code) : 'failed',
      }
    }
  }

  async #writeAll(piece: Buffer, within: Lifetime): Promise<void> {
    for (let written = 0; written < piece.length; ) {
      try {
        written += await this.#write(piece.subarray(written))
      } catch (error) {
        const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
        if (!full || within.isOver) throw error
        await new Promise<void>((resolve) => {
          this.#clock.after(FULL_MS, resolve)
        })
      }
    }
  }
}

/** Whole lines, as many together as a pipe takes in one piece. */
function* piecesOf(batch: readonly Entry[]): Generator<Buffer> {
  let lines: string[] = []
  let bytes = 0
  for (const entry of batch) {
    const line = jsonLine(entry)
    const size = Buffer.byteLength(line)
    if (bytes > 0 && bytes + size > WHOLE_BYTES) {
      yield Buffer.from(lines.join(''))
      lines = []
      bytes = 0
    }
    lines.push(line)
    bytes += size
  }
  yield Buffer.from(lines.join(''))
}

/** `log` tells these lines from the audit log and from the program's own. */
function jsonLine({ type, time, line, text }: Entry): string {
  const { server, project } = line
  return `${JSON.stringify({ log: 'line', type, time: new Date(time).toISOString(), server, project, text })}\n`
}
