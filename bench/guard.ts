import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type * as Headless from '@xterm/headless'
import { RecordingReader } from '../src/server/recordings/reader.ts'
import { steadyClock } from '../src/shared/clock.ts'
import { Guard } from '../src/shared/guard/guard.ts'
import { Lines } from '../src/shared/lines/lines.ts'
import { kernelLog } from '../src/testing/kernel-log.ts'
import { median, report } from './report.ts'

// How fast the guard passes text on, and `Lines` turns it into lines, against xterm.js parsing the same text in the same
// process. Then the hostile recording that froze an export.

// Node cannot read the export names of a CommonJS package.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless

const ROUNDS = 5
const PIECE = 64 * 1024
const SIZE = { cols: 160, rows: 50 }

const log = kernelLog(20_000_000)
/** Each line in ten colours, as `ls --color` and log viewers print. */
const colourful = Array.from({ length: 100_000 }, (_, line) =>
  Array.from({ length: 10 }, (_, word) => `\x1b[${31 + ((line + word) % 7)}mword ${line % 97}`).join(' '),
).join('\r\n')

function piecesOf(text: string): string[] {
  const bytes = Buffer.from(text)
  const decoder = new TextDecoder()
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += PIECE) {
    pieces.push(decoder.decode(bytes.subarray(at, at + PIECE), { stream: true }))
  }
  return pieces
}

function guard(pieces: readonly string[]): number {
  const used = new Guard(() => SIZE)
  let length = 0
  for (const piece of pieces) length += used.push(piece).length
  return length
}

function lines(pieces: readonly string[]): number {
  let count = 0
  const used = new Lines(() => {
    count += 1
  })
  for (const [at, piece] of pieces.entries()) used.push(piece, at)
  used.end(pieces.length)
  return count
}

async function xterm(pieces: readonly string[]): Promise<void> {
  const terminal = new Terminal({ ...SIZE, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' })
  for (const piece of pieces) await new Promise<void>((parsed) => terminal.write(piece, parsed))
  terminal.dispose()
}

/** The processor's time: other programs do not change it. */
async function msOf(work: () => unknown): Promise<number> {
  const begun = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

for (const [name, text, target] of [
  ['kernel log', log, 0.07],
  ['ten sequences a line', colourful, 0.15],
] as const) {
  const pieces = piecesOf(text)
  const times = { guard: [] as number[], lines: [] as number[], xterm: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    times.guard.push(await msOf(() => guard(pieces)))
    times.lines.push(await msOf(() => lines(pieces)))
    times.xterm.push(await msOf(() => xterm(pieces)))
  }
  const speed = (ms: number) => text.length / 1000 / ms
  const reference = speed(median(times.xterm))
  // The guard's time, as a share of what the terminal takes for the same text.
  const share = median(times.guard) / median(times.xterm)
  report({
    bench: 'guard',
    metric: `guard, ${name}`,
    value: speed(median(times.guard)),
    unit: 'MB/s',
    reference,
    ratio: share,
    target,
    pass: share <= target,
  })
  report({
    bench: 'guard',
    metric: `lines, ${name}`,
    value: speed(median(times.lines)),
    unit: 'MB/s',
    reference,
    ratio: median(times.lines) / median(times.xterm),
  })
}

const folder = await mkdtemp(path.join(tmpdir(), 'bms-console-bench-'))
const reader = new RecordingReader(steadyClock)
const signal = new AbortController().signal

async function exported(
  events: readonly string[],
): Promise<{ ms: number; characters: number; bytes: number }> {
  const cast = path.join(folder, 'x.cast')
  const header = JSON.stringify({ version: 2, width: 80, height: 24 })
  await writeFile(
    cast,
    `${[header, ...events.map((text, at) => JSON.stringify([at / 100, 'o', text]))].join('\n')}\n`,
  )
  let characters = 0
  const ms = await msOf(async () => {
    const read = await reader.text({ kind: 'cast', path: cast }, signal)
    if (read.kind !== 'done') throw new Error(`The export was not done: ${read.kind}`)
    for await (const text of read.value) characters += String(text).length
  })
  return { ms, characters, bytes: (await stat(cast)).size }
}

const hostile = await exported(['a\x1b[2147483647b\r\n'])
report({
  bench: 'guard',
  metric: 'text export of a repeat without bounds',
  value: hostile.ms,
  unit: 'ms',
  target: 2_000,
  pass: hostile.ms <= 2_000,
})
report({
  bench: 'guard',
  metric: 'this process after it, resident',
  value: process.memoryUsage().rss / 1024 / 1024,
  unit: 'MiB',
})
const large = await exported(piecesOf(log))
report({
  bench: 'guard',
  metric: 'text export of a kernel log',
  value: large.bytes / 1000 / large.ms,
  unit: 'MB/s',
})
await rm(folder, { recursive: true, force: true })
