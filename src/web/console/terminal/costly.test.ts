import type { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { feed, headless, screenOf } from '../../../testing/web/headless.ts'
import { CLEAN_MODES } from './clean-modes.ts'
import { CostlySequences } from './costly.ts'
import { coreOf } from './xterm-buffer.ts'

const size = { cols: 20, rows: 6, scrollback: 1000 }

type Event = (listener: () => void) => void
/** An event of a private part */
const eventOf = (part: object, name: string): Event => Reflect.get(part, name)

function open(): {
  ours: Terminal
  costly: CostlySequences
  clock: ManualClock
  colours: () => number
  options: () => number
} {
  const ours = headless(size)
  const clock = new ManualClock()
  const costly = new CostlySequences(ours, clock)
  let colours = 0
  let options = 0
  const core = coreOf(ours)
  eventOf(
    core._inputHandler,
    'onColor',
  )(() => {
    colours += 1
  })
  eventOf(
    core.optionsService,
    'onOptionChange',
  )(() => {
    options += 1
  })
  return { ours, costly, clock, colours: () => colours, options: () => options }
}

it('scrolls and repeats as xterm.js does, also with colours, marks and regions', async () => {
  const sequence = fc.constantFrom(
    ...['\x1b[2S', '\x1b[5T', '\x1b[9L', '\x1b[3M', '\x1b[2;4r', '\x1b[r', '\x1b[44m', '\x1b[m', '\x1b[4;9H'],
    ...[
      'x\x1b[99b',
      '漢\x1b[77b',
      '\x1b[?1049h',
      '\x1b[?1049l',
      '\x1b[?6h',
      '\x1b[?6l',
      '\r\n',
      '\x1b(0q\x1b[70b',
    ],
    ...['\x1b[?7l', '\x1b[?7h', '\x1b[4h', '\x1b[4l', 'text', '\x1b[1;20Hab\x1b[90b', '\x1b[20h', '\x1b[20l'],
  )
  await fc.assert(
    fc.asyncProperty(fc.array(sequence, { maxLength: 30 }), async (sequences) => {
      const [{ ours }, theirs] = [open(), headless(size)]
      const markers = [ours, theirs].map((each) => each.registerMarker(2))
      await Promise.all([ours, theirs].map((each) => feed(each, sequences.join(''))))
      expect(screenOf(ours)).toEqual(screenOf(theirs))
      expect(ours.buffer.normal.length).toBe(theirs.buffer.normal.length)
      expect(markers[0]?.line).toBe(markers[1]?.line)
      expect(ours.options.convertEol).toBe(theirs.options.convertEol)
    }),
    { numRuns: 300 },
  )
})

it('sets a colour scheme at once, and lets no flood of colours through', async () => {
  const { ours, costly, clock, colours } = open()
  await feed(ours, Array.from({ length: 22 }, (_, index) => `\x1b]4;${index};#123456\x07`).join(''))
  expect(colours()).toBe(22)
  await feed(ours, '\x1b]11;#123456\x07\x1b]111\x07'.repeat(1000))
  expect(colours()).toBe(32)
  // What a lost line leaves is put back all the same.
  costly.allowColours()
  await feed(ours, CLEAN_MODES)
  expect(colours()).toBe(36)
  await feed(ours, '\x1b]111\x07'.repeat(100))
  expect(colours()).toBe(64)
  // Questions cost nothing.
  await feed(ours, '\x1b]11;?\x07')
  expect(colours()).toBe(65)
  clock.advance(1000)
  await feed(ours, '\x1b]104\x07'.repeat(100))
  expect(colours()).toBe(65 + 16)
})

it('changes modes without an event, and leaves the blinking of the cursor to the reader', async () => {
  const { ours, options } = open()
  await feed(ours, 'a\x1b[20hb\nc\x1b[20;4l\x1b[?12;25l\x1b[?12h\x1b[?12;2004h')
  expect(options()).toBe(0)
  expect(ours.buffer.active.getLine(1)?.translateToString(true)).toBe('c')
  expect(ours.options.cursorBlink).toBe(false)
  expect(ours.modes.bracketedPasteMode).toBe(true)
})

it('keeps the first thousand links, and shows the text of all others', async () => {
  const { ours } = open()
  await feed(ours, '\x1b]8;;http://a\x07x\x1b]8;;\x07'.repeat(3000))
  await feed(ours, `\x1b]8;id=a;http://a\x07${'y\r\n'.repeat(500)}\x1b]8;;\x07`)
  expect(ours.markers.length).toBe(1000)
  expect(ours.buffer.active.getLine(ours.buffer.active.baseY)?.translateToString(true)).toBe('y')
})

it('holds no more marks in a cell than a browser can draw', async () => {
  const { ours } = open()
  await feed(ours, `e\u0301\u0302x${'\u0301'.repeat(5000)}y`)
  const line = ours.buffer.active.getLine(0)
  expect(line?.getCell(0)?.getChars()).toBe('e\u0301\u0302')
  expect(line?.getCell(1)?.getChars()).toHaveLength(64)
  expect(line?.getCell(2)?.getChars()).toBe('y')
})
