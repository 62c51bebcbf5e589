import { expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { feed, headless } from '../../../testing/web/headless.ts'
import { MachineSize } from './machine-size.ts'

const PROMPT = 'root@web-01:~# '

function start() {
  const terminal = headless({ cols: 120, rows: 34 })
  // Without it, xterm.js keeps `CSI 18 t` from every handler.
  terminal.options.windowOptions = { getWinSizeChars: true }
  const clock = new ManualClock()
  let muted = false
  const machine = new MachineSize(terminal, () => muted, clock)
  onTestFinished(() => {
    machine.dispose()
    terminal.dispose()
  })
  return {
    machine,
    /** The machine prints, and is quiet then. */
    async prints(text: string) {
      await feed(terminal, text)
      clock.advance(1_000)
      return machine.state
    },
    replays: () => {
      muted = true
    },
  }
}

const unknown = { columns: null, rows: null }

it.each([
  ['`CSI 18 t`', '\x1b[18t', { columns: 120, rows: 34 }],
  ['a cursor in the corner', '\x1b7\x1b[999;999H\x1b[6n\x1b8', { columns: 120, rows: 34 }],
  ['a cursor elsewhere', `${PROMPT}\x1b[6n`, unknown],
  ['`stty size`', `${PROMPT}stty size\r\n24 80\r\n${PROMPT}`, { columns: 80, rows: 24 }],
  ['a shell that wraps', `${PROMPT}${'x'.repeat(80 - PROMPT.length)} \r`, { columns: 80, rows: null }],
  ['a line that ends there', `${PROMPT}${'x'.repeat(80 - PROMPT.length)}\r\n`, unknown],
  ['the rows of a full-screen program', '\x1b[?1049h\x1b[1;24r', { columns: null, rows: 24 }],
  ['rows that scroll in a shell', '\x1b[1;24r', unknown],
])('learns from %s', async (_from, text, believed) => {
  const { prints } = start()
  expect((await prints(text)).believed).toEqual(believed)
})

it('learns nothing from questions in history, which nobody answers', async () => {
  const { prints, replays } = start()
  replays()
  expect((await prints('\x1b[18t\x1b[999;999H\x1b[6n')).believed).toEqual(unknown)
})

it('knows that a shell waits once the output has ended', async () => {
  const { machine, prints } = start()
  expect((await prints('make: all\r\n')).atPrompt).toBe(false)
  expect((await prints(PROMPT)).atPrompt).toBe(true)
  expect((await prints('l')).atPrompt).toBe(false)
  expect(machine.isAtPrompt).toBe(false)
})

it('tells those who listen of each change', async () => {
  const { machine, prints } = start()
  const told: unknown[] = []
  const stop = machine.subscribe(() => told.push(machine.state.believed))
  await prints('\x1b[18t')
  await prints('\x1b[18t')
  stop()
  await prints(`${PROMPT} stty rows 24 cols 80\r\n${PROMPT}`)
  expect(told).toEqual([{ columns: 120, rows: 34 }])
  expect(machine.state.believed).toEqual({ columns: 80, rows: 24 })
})
