import { expect, it } from 'vitest'
import { headless } from '../../../testing/web/headless.ts'
import { LineWrites } from './line-writes.ts'

function open() {
  const terminal = headless()
  const events: string[] = []
  const writes = new LineWrites(terminal, (on) => events.push(on ? 'muted' : 'heard'))
  const write = (text: string, muted = false) => writePieces([text], muted)
  const writePieces = (pieces: readonly string[], muted = false) =>
    new Promise<void>((parsed) => {
      const text = pieces.join('|')
      writes.write({
        pieces,
        muted,
        begun: () => events.push(`begun ${text}`),
        done: () => {
          events.push(`done ${text}`)
          parsed()
        },
      })
    })
  return { terminal, events, write, writePieces, type: () => terminal.input('x') }
}

it('has the echo of a key on the screen before it returns', async () => {
  const { terminal, events, write, type } = open()
  type()
  void write('x')
  expect(events).toEqual(['begun x', 'done x'])
  expect(terminal.buffer.active.cursorX).toBe(1)
  type()
  void write('y')
  expect(events).toEqual(['begun x', 'done x', 'begun y', 'done y'])
})

it('tells when each text is begun and done, also while others wait', async () => {
  const { events, write, type } = open()
  const first = write('1')
  expect(events).toEqual([])
  type()
  await Promise.all([first, write('2'), write('3')])
  expect(events).toEqual(['begun 1', 'done 1', 'begun 2', 'done 2', 'begun 3', 'done 3'])
})

it('mutes between the texts that it stands between', async () => {
  const { events, write } = open()
  await Promise.all([write('1'), write('2', true), write('3', true), write('4')])
  expect(events.filter((event) => !event.startsWith('begun'))).toEqual([
    ...['done 1', 'muted', 'done 2', 'done 3', 'heard', 'done 4'],
  ])
})

it('parses all pieces of a text in one go, in order, before it is done', async () => {
  const { terminal, events, write, writePieces } = open()
  const pieces = ['a\r\n\x1b', '[31mb', '\x1b[0m\r', '\nc']
  const first = writePieces(pieces)
  await Promise.all([first, write('d')])
  expect(events.map((event) => event.replace(/ .*/s, ''))).toEqual(['begun', 'done', 'begun', 'done'])
  const rows = [0, 1, 2].map((row) => terminal.buffer.active.getLine(row)?.translateToString(true))
  expect(rows).toEqual(['a', 'b', 'cd'])
})

it('lets nothing come between the pieces of a text', async () => {
  const { terminal, writePieces } = open()
  let parses = 0
  terminal.onWriteParsed(() => parses++)
  await writePieces(Array.from({ length: 200 }, () => 'x'.repeat(40_000)))
  await new Promise((resolve) => setTimeout(resolve))
  expect(parses).toBe(1)
})
