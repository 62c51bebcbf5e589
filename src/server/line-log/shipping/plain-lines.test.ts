import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import type { Entry } from './entry.ts'
import { PlainLines } from './plain-lines.ts'

const line = { server: { id: 'a', name: 'db-1' }, project: null }

function plainLines() {
  const clock = new ManualClock()
  const entries: Entry[] = []
  const lines = new PlainLines({ line, clock, emit: (entry) => entries.push(entry) })
  const say = (text: string | Buffer, time = 1000) => lines.append(Buffer.from(text), time)
  const said = () => entries.map(({ type, text }) => (type === 'line' ? text : `${type}: ${text}`))
  return { clock, entries, lines, say, said }
}

it('are plain, whole, and of any split', () => {
  const { say, said } = plainLines()
  const bytes = Buffer.from('\x1b[32mgrün\x1b[0m one\r\n\r\ntwo  \r\nthr')
  for (const byte of bytes) say(Buffer.of(byte))
  expect(said()).toEqual(['grün one', 'two'])
  say('ee\r\n')
  expect(said()).toEqual(['grün one', 'two', 'three'])
})

it('have times that grow', () => {
  const { entries, say } = plainLines()
  say('a\na\n')
  say('b\n', 999)
  say('c\n', 1001)
  expect(entries.map(({ time, nth }) => [time, nth])).toEqual([
    [1000, 0],
    [1000, 1],
    [1000, 2],
    [1001, 0],
  ])
})

it('have marks between them, and a seam ends a line', () => {
  const { lines, say, said } = plainLines()
  say('half')
  lines.mark({ kind: 'power', action: 'reboot', by: 'alice' }, 1000)
  lines.mark({ kind: 'seam', why: 'line-lost', awayMs: 61_400 }, 1000)
  say('next\n')
  lines.mark({ kind: 'seam', why: 'restarted', awayMs: null }, 1000)
  lines.mark({ kind: 'seam', why: 'not-watched', awayMs: 1000 }, 1000)
  lines.mark({ kind: 'gap', lostBytes: 12 }, 1000)
  lines.mark({ kind: 'boot' }, 1000)
  expect(said()).toEqual([
    'mark: alice asked for this: reboot.',
    'half',
    'mark: The line was lost, and nobody listened for 61 s.',
    'next',
    'mark: BMS Console was restarted, and nobody listened for an unknown time.',
    'mark: Nobody listened for 1 s.',
    'mark: 12 bytes came here and were not kept.',
    'mark: The machine began to boot.',
  ])
})

it('leave without their end when the line is closed', () => {
  const { lines, say, said } = plainLines()
  say('login: ')
  lines.close()
  expect(said()).toEqual(['login:'])
})

it('do without what comes too fast, and say so', () => {
  const { clock, lines, say, said } = plainLines()
  const MIB = 1024 * 1024
  say(`one\n${' '.repeat(5 * MIB)}`)
  say('lost')
  say('lost, too\n')
  clock.advance(3_000)
  say('two\n')
  say(`x${'\n'.repeat(MIB / 4)}`)
  say('lost')
  lines.close()
  expect(said()).toEqual([
    'one',
    'loss: 14 bytes are missing here: they came too fast.',
    'two',
    'x',
    'loss: 4 bytes are missing here: they came too fast.',
  ])
})
