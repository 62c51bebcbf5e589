import { LineMask } from '../src/server/line-log/masks/line-mask.ts'
import { Masks } from '../src/server/line-log/masks/masks.ts'
import { PlainLines } from '../src/server/line-log/shipping/plain-lines.ts'
import { kernelLog } from '../src/testing/kernel-log.ts'
import { median, report } from './report.ts'

// How fast a line's bytes pass the masks, and become the lines of text that are shipped, in pieces as a socket gives
// them. Each byte that a console says is looked at, so this is time that the relay does not have.

const ROUNDS = 5
const PIECE = 4096
const log = Buffer.from(kernelLog(10_000_000))

const LITERAL = 'password[:=]\\s*(\\S+)'
const FIVE = [
  '(?i)(?:password|passwd|token|secret)\\s*[:=]\\s*(\\S+)',
  'AKIA[0-9A-Z]{16}',
  '[A-Za-z0-9+/]{40,}={0,2}',
  '\\b\\d{4}-\\d{4}-\\d{4}-\\d{4}\\b',
  '-----BEGIN [A-Z ]+-----',
]

function masked(patterns: readonly string[]): void {
  const masks = new Masks(patterns.map((pattern, index) => ({ line: index + 1, pattern })))
  const mask = new LineMask(masks)
  for (let at = 0; at < log.length; at += PIECE) mask.push(log.subarray(at, at + PIECE))
}

function shipped(): void {
  let now = 0
  const lines = new PlainLines({
    line: { server: { id: 'a', name: 'db-1' }, project: null },
    // Its budget is always full.
    clock: { now: () => now, after: () => () => {} },
    emit: () => {},
  })
  for (let at = 0; at < log.length; at += PIECE) {
    now += 1000
    lines.append(log.subarray(at, at + PIECE), now)
  }
}

/** The processor's time: other programs do not change it. */
function msOf(work: () => void): number {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

const works: readonly [string, () => void, target?: number][] = [
  ['one mask with a literal', () => masked([LITERAL]), 100],
  ['five masks', () => masked(FIVE), 20],
  ['a mask that matches a third of the lines', () => masked(['pci (0000:\\S+)'])],
  ['a mask that matches all lines', () => masked(['(\\S+)$']), 1],
  ['a mask of nested repeats', () => masked(['(?:(?:\\w+)+ ?)+[;!]'])],
  ['lines to ship', shipped, 20],
]
for (const [metric, work, target] of works) {
  const value = log.length / 1000 / median(Array.from({ length: ROUNDS }, () => msOf(work)))
  report({
    bench: 'masks',
    metric,
    value,
    unit: 'MB/s',
    ...(target === undefined ? {} : { target, pass: value >= target }),
  })
}
