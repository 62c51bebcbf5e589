import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LogMark } from '../../../shared/line-log.ts'
import { ManualClock } from '../../../testing/clock.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import type { LogReader } from '../store/store.ts'
import { type Elsewhere, JoinedReader, type LogPart, PartAway } from './joined-reader.ts'
import { LogText, type TextPage } from './log-text.ts'

const server = { id: 'id-db', name: 'db-01' }
const newLine = () => new MemoryStore().line({ server, project: null })
type Line = ReturnType<typeof newLine>

const partOf = (id: string, line: Line): LogPart => ({
  id,
  line: line.line,
  end: line.end,
  marksAtEnd: 0,
  stretches: () => line.stretches(),
  read: (from, most) => line.read(from, most),
  marks: (from, to) => line.marks(from, to),
  timeOf: (offset) => line.timeOf(offset),
  offsetOf: (time) => line.offsetOf(time),
})

const isAway = async (): Promise<never> => {
  throw new PartAway('it does not answer')
}
const deaf = (part: LogPart): LogPart => ({
  ...part,
  read: isAway,
  marks: isAway,
  timeOf: isAway,
  offsetOf: isAway,
})

function joined(
  own: Line,
  parts: readonly LogPart[],
  look?: () => Promise<Elsewhere>,
  clock = new ManualClock(),
) {
  const elsewhere = { parts, away: false }
  return new JoinedReader({ own, elsewhere, look: look ?? (async () => elsewhere), clock })
}

const text = (bytes: string, line = newLine()) => {
  line.append(Buffer.from(bytes), 1_000)
  return line
}

async function allOf(reader: LogReader, most: number): Promise<[at: number, bytes: string][]> {
  const found: [number, string][] = []
  for (let next = reader.start; ; ) {
    const { at, bytes } = await reader.read(next, most)
    if (bytes.length === 0) return found
    const last = found.at(-1)
    if (last && last[0] + last[1].length === at) last[1] += bytes.toString('latin1')
    else found.push([at, bytes.toString('latin1')])
    next = at + bytes.length
  }
}

const REPLICAS = 3
const having = fc.uniqueArray(fc.nat(REPLICAS - 1), { minLength: 1 })
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ text: fc.string({ minLength: 1 }), lost: fc.nat(3), at: having }) },
  { weight: 1, arbitrary: fc.record({ by: fc.string(), at: having }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A line that everything was said to, and the same line at several replicas. */
function spread(steps: readonly Step[]) {
  const whole = newLine()
  const replicas = Array.from({ length: REPLICAS }, newLine)
  const first = { text: 'begin', lost: 0, at: [0] }
  const last = { text: 'end', lost: 0, at: [REPLICAS - 1] }
  for (const [index, each] of [first, ...steps, last].entries()) {
    const time = (index + 1) * 1_000
    if ('lost' in each && each.lost > 0) whole.lose(each.lost, time)
    for (const line of each.at.map((at) => replicas[at] ?? whole)) {
      if (line.end < whole.end) line.lose(whole.end - line.end, time)
      say(line, each, time)
    }
    say(whole, each, time)
  }
  return { whole, replicas, times: [first, ...steps, last].map((_, index) => index * 1_000 + 500) }
}

function say(line: Line, what: Step, time: number): void {
  if ('text' in what) line.append(Buffer.from(`${what.text}\n`), time)
  else line.mark({ kind: 'power', action: 'reboot', by: what.by }, time)
}

/** Where several have a gap, nobody knows who noticed it first. */
const untimed = ({ at, mark }: { at: number; mark: LogMark }) => ({ at, mark })
const textsOf = (page: TextPage) => page.rows.map((row) => (row.kind === 'line' ? row : untimed(row)))

it('reads what one reader of everything reads, whoever has which part', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      async (steps, most) => {
        const { whole, replicas, times } = spread(steps)
        const [own = whole, ...others] = replicas
        const reader = joined(
          own,
          others.map((line, index) => partOf(`r${index}`, line)),
        )
        expect([reader.start, reader.end]).toEqual([whole.start, whole.end])
        expect(reader.stretches()).toEqual(whole.stretches())
        expect(await allOf(reader, most)).toEqual(await allOf(whole, 1_000_000))
        for (let from = 0; from <= whole.end; from += most) {
          const [marks, expected] = await Promise.all(
            [reader, whole].map((one) => one.marks(from, from + most)),
          )
          expect(marks?.map(untimed)).toEqual(expected?.map(untimed))
          const { at } = await whole.read(from, 1)
          expect(await reader.timeOf(at)).toBe(await whole.timeOf(at))
        }
        for (const time of times) expect(await reader.offsetOf(time)).toBe(await whole.offsetOf(time))
        const page = await new LogText(reader).last(100)
        expect(textsOf(page)).toEqual(textsOf(await new LogText(whole).last(100)))
      },
    ),
  )
})

it('puts bytes that nobody has behind what was marked before them, whoever knows of it', async () => {
  const first = text('one\n')
  first.mark({ kind: 'power', action: 'reboot', by: 'ann' }, 2_000)
  const successor = newLine()
  successor.lose(7, 3_000)
  successor.append(Buffer.from('two\n'), 3_000)
  const marks = await joined(first, [partOf('b', successor)]).marks(0, 11)
  expect(marks.map(untimed)).toEqual([
    { at: 4, mark: { kind: 'power', action: 'reboot', by: 'ann' } },
    { at: 4, mark: { kind: 'gap', lostBytes: 3 } },
  ])
})

it('leaves out what is read twice where one replica was killed and another went on before that', async () => {
  const killed = text('one\ntwo\nlast words\n')
  const successor = newLine()
  successor.lose(4, 1_000)
  successor.append(Buffer.from('two\n'), 1_000)
  successor.append(Buffer.from('and on it went\n'), 3_000)
  const expected = [[0, 'one\ntwo\nand on it went\n']]
  expect(await allOf(joined(killed, [partOf('b', successor)]), 5)).toEqual(expected)
  expect(await allOf(joined(successor, [partOf('a', killed)]), 5)).toEqual(expected)
})

/** The first line is at another replica. */
function halves() {
  const other = text('one\n')
  const own = newLine()
  own.lose(4, 1_500)
  own.append(Buffer.from('two\n'), 2_000)
  return { own, other }
}

it('goes on with what there is when a replica does not answer, and says where something may be missing', async () => {
  const { own, other } = halves()
  const whole = joined(own, [partOf('b', other)])
  expect([await allOf(whole, 100), await whole.marks(0, 8), whole.away]).toEqual([
    [[0, 'one\ntwo\n']],
    [],
    false,
  ])
  const reader = joined(own, [deaf(partOf('b', other))])
  expect(await allOf(reader, 100)).toEqual([[4, 'two\n']])
  expect([reader.away, reader.start, reader.end, reader.parts]).toEqual([true, 4, 8, ''])
  const behind = newLine()
  text('zero\n', behind)
  behind.lose(4, 3_000)
  text('two\n', behind)
  const both = joined(behind, [deaf(partOf('b', other))])
  expect(await both.timeOf(6)).toBe(1_000)
  expect(await both.marks(0, 100)).toMatchObject([{ at: 5, mark: { kind: 'gap', lostBytes: 4 } }])
  await both.offsetOf(0)
  expect(await both.marks(0, 100)).toMatchObject([{ at: 5, mark: { kind: 'gap', lostBytes: 4, away: true } }])
})

it('knows the time of a byte that nobody has by the one before it', async () => {
  const { own, other } = halves()
  other.lose(10, 1_200)
  const reader = joined(newLine(), [partOf('b', other)])
  expect([await reader.timeOf(0), await reader.timeOf(9)]).toEqual([1_000, 1_000])
  expect(await joined(own, []).timeOf(0)).toBe(2_000)
  expect(await joined(newLine(), []).timeOf(0)).toBe(0)
})

it('has the files of this replica, as far as they count', async () => {
  const killed = Object.assign(text('one\ntwo\nlast words\n'), {
    files: async () => [
      { path: 'a', from: 0, bytes: 6 },
      { path: 'b', from: 6, bytes: 6 },
      { path: 'c', from: 12, bytes: 7 },
    ],
  })
  const successor = newLine()
  successor.lose(8, 1_000)
  successor.append(Buffer.from('and on it went\n'), 3_000)
  expect(await joined(killed, [partOf('b', successor)]).files()).toEqual([
    { path: 'a', from: 0, bytes: 6 },
    { path: 'b', from: 6, bytes: 2 },
  ])
})

it('hears of what the line says here at once, and elsewhere a moment later', async () => {
  const clock = new ManualClock()
  const { own, other } = halves()
  const look = async () => ({ parts: [partOf('b', other)], away: false })
  const reader = joined(own, [partOf('b', other)], look, clock)
  let told = 0
  const stop = reader.follow(() => told++)
  own.append(Buffer.from('here\n'), 3_000)
  expect(told).toBe(1)
  other.lose(own.end - other.end, 4_000)
  other.append(Buffer.from('there\n'), 4_000)
  expect(reader.end).toBe(13)
  clock.advance(500)
  await expect.poll(() => told).toBe(2)
  expect(reader.end).toBe(19)
  clock.advance(500)
  await Promise.resolve()
  expect(told).toBe(2)
  stop()
  expect(clock.pending).toBe(0)
})
