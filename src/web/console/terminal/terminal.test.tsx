import { afterEach, expect, it } from 'vitest'
import { ConsoleTerminal } from './terminal.ts'
import { themes } from './themes.ts'

let terminal: ConsoleTerminal | undefined

afterEach(() => terminal?.dispose())

const PANIC =
  '[   12.345678] Kernel panic - not syncing: VFS: Unable to mount root fs\r\n' +
  '[   12.345680] Call Trace:\r\n' +
  '[   12.345690] ---[ end Kernel panic ]---\r\n'
const FIRMWARE = '\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01HBdsDxe: loading Boot0001\r\n'

it.each([
  ['live', false],
  ['replayed', true],
])('downloads what firmware erased from the screen, %s', async (_how, muted) => {
  terminal = new ConsoleTerminal({
    theme: themes.dark,
    fontSize: 14,
    screenReader: false,
    onLink: () => {},
  })
  terminal.write(PANIC + FIRMWARE, muted, () => {})
  await expect.poll(() => terminal?.transcript()).toContain('BdsDxe')
  expect(terminal.transcript().replaceAll('\n', '\r\n')).toBe(`${PANIC}BdsDxe: loading Boot0001\r\n`)
})
