import { afterEach, expect, it } from 'vitest'
import { loginState } from '../guard/logged-in.ts'
import { ConsoleTerminal } from './terminal.ts'
import { themes } from './themes.ts'

let terminal: ConsoleTerminal | undefined

afterEach(() => terminal?.dispose())

const openTerminal = () =>
  new ConsoleTerminal({ theme: themes.dark, fontSize: 14, screenReader: false, onLink: () => {} })

it('goes to the end with what is typed, and stays where a person reads with what the mouse reports', async () => {
  terminal = openTerminal()
  const { screen } = terminal
  const sent: string[] = []
  terminal.onInput((bytes) => sent.push(new TextDecoder().decode(bytes)))
  const term = terminal.inspect((each) => each)
  const place = () => [term.buffer.active.viewportY, term.buffer.active.baseY]
  terminal.write('line\r\n'.repeat(100), false, () => {})
  await expect.poll(() => term.buffer.active.baseY).toBeGreaterThan(50)
  const end = term.buffer.active.baseY
  screen.scrollTo(10)
  expect(place()).toEqual([10, end])
  term.input('\x1b[<0;5;5M')
  term.input('\x1b[<0;5;5m')
  expect(sent.join('')).toBe('\x1b[<0;5;5M\x1b[<0;5;5m')
  expect(place()).toEqual([10, end])
  term.input('x')
  expect(place()).toEqual([end, end])
})

it('ends with the whole line of the cursor, also where a narrow window has it in several rows', async () => {
  terminal = openTerminal()
  const line = `root@web-01:~# echo ${'word '.repeat(40)}`
  terminal.write(`before\r\n${line}`, false, () => {})
  await expect.poll(() => terminal?.screenEnd.line).toBe(line)
  expect(loginState(terminal.screenEnd)).toBe('shell')
})

const PANIC =
  '[   12.345678] Kernel panic - not syncing: VFS: Unable to mount root fs\r\n' +
  '[   12.345680] Call Trace:\r\n' +
  '[   12.345690] ---[ end Kernel panic ]---\r\n'
const FIRMWARE = '\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01HBdsDxe: loading Boot0001\r\n'

it.each([
  ['live', false],
  ['replayed', true],
])('downloads what firmware erased from the screen, %s', async (_how, muted) => {
  terminal = openTerminal()
  terminal.write(PANIC + FIRMWARE, muted, () => {})
  await expect.poll(() => terminal?.transcript()).toContain('BdsDxe')
  expect(terminal.transcript().replaceAll('\n', '\r\n')).toBe(`${PANIC}BdsDxe: loading Boot0001\r\n`)
})
