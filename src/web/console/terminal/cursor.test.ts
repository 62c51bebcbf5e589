import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { feed, headless } from '../../../testing/web/headless.ts'
import { CostlySequences } from './costly.ts'
import { Cursor } from './cursor.ts'
import { coreOf } from './xterm-buffer.ts'

function open(mayMove = true) {
  const terminal = headless({ cols: 20, rows: 6 })
  const clock = new ManualClock()
  new CostlySequences(terminal, clock)
  const cursor = new Cursor(terminal, () => mayMove, clock)
  const { coreService } = coreOf(terminal)
  coreService.isCursorInitialized = true
  return {
    terminal,
    cursor,
    clock,
    type: () => terminal.input('x'),
    shape: () => coreService.decPrivateModes.cursorStyle,
    /** Whether a renderer of xterm.js would blink. */
    rendererBlinks: () => coreService.decPrivateModes.cursorBlink !== false,
    /** Whether the cursor is drawn in each of the next phases. */
    phases: (count: number) =>
      Array.from({ length: count }, () => {
        clock.advance(600)
        return coreService.isCursorInitialized
      }),
  }
}

const still = Array(8).fill(true)

it('blinks while somebody types, and stands still 10 s after the last key', () => {
  const { cursor, type, phases, clock } = open()
  cursor.focused = true
  type()
  expect(phases(5)).toEqual([true, false, true, false, true])
  type()
  expect(phases(16)).toContain(false)
  clock.advance(600)
  expect(phases(8)).toEqual(still)
  expect(clock.pending).toBe(0)
  type()
  expect(phases(2)).toEqual([true, false])
})

it('is shown at once when a key or output moves it, and when the focus is gone', async () => {
  const { terminal, cursor, type, phases } = open()
  const shown = () => coreOf(terminal).coreService.isCursorInitialized
  cursor.focused = true
  expect(phases(2)).toEqual([true, false])
  type()
  expect(shown()).toBe(true)
  expect(phases(2)).toEqual([true, false])
  await feed(terminal, 'output')
  expect(shown()).toBe(true)
  expect(phases(2)).toEqual([true, false])
  cursor.focused = false
  expect(shown()).toBe(true)
  expect(phases(8)).toEqual(still)
})

it('honours the shape and the blinking that the machine chooses, and xterm.js never blinks itself', async () => {
  const { terminal, cursor, type, shape, phases, rendererBlinks } = open()
  cursor.focused = true
  const looks: [string, string | undefined, boolean][] = [
    ['\x1b[2 q', 'block', false],
    ['\x1b[1 q', 'block', true],
    ['\x1b[4 q', 'underline', false],
    ['\x1b[5 q', 'bar', true],
    ['\x1b[?12l', 'bar', false],
    ['\x1b[?25;12h', 'bar', true],
    ['\x1b[6 q', 'bar', false],
    ['\x1b[0 q', undefined, true],
    ['\x1b[4 q\x1b[!p', undefined, true],
    ['\x1b[6 q\x1bc', undefined, true],
  ]
  for (const [sequence, style, blinks] of looks) {
    await feed(terminal, sequence)
    type()
    expect([sequence, shape(), phases(4).includes(false)]).toEqual([sequence, style, blinks])
    expect(rendererBlinks()).toBe(false)
  }
})

it('tells the machine what it asks for', async () => {
  const { terminal } = open()
  const answers: string[] = []
  terminal.onData((text) => answers.push(text))
  await feed(terminal, '\x1b[?12$p\x1b[?12l\x1b[?12$p')
  expect(answers).toEqual(['\x1b[?12;1$y', '\x1b[?12;2$y'])
})

it('never blinks for a reader who wants no motion', async () => {
  const { terminal, cursor, type, phases } = open(false)
  cursor.focused = true
  await feed(terminal, '\x1b[1 q\x1b[?12h')
  type()
  expect(phases(8)).toEqual(still)
})

it('is an underline that stands still for a watcher, whatever the machine chooses', async () => {
  const { terminal, cursor, type, shape, phases } = open()
  cursor.focused = true
  await feed(terminal, '\x1b[5 q')
  cursor.watching = true
  type()
  expect([shape(), phases(8)]).toEqual(['underline', still])
  await feed(terminal, '\x1b[1 q')
  expect([shape(), phases(8)]).toEqual(['underline', still])
  cursor.watching = false
  type()
  expect([shape(), phases(2)]).toEqual(['block', [true, false]])
})
