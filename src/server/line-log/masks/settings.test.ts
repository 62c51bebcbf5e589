import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { MAX_PATTERNS } from './pattern.ts'
import { maskSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'masks-'))
afterAll(() => rmSync(folder, { recursive: true }))

function settingsOf(content: string) {
  const path = join(folder, 'masks')
  writeFileSync(path, content)
  return maskSettings({ BMS_CONSOLE_LINE_LOG_MASKS_FILE: path }, { used: true })
}

describe('the file of masks', () => {
  it('has one expression a line, and comments', () => {
    expect(settingsOf('\ufeff# passwords\r\npassword: (\\S+)\r\n\r\n\\#\\d+ \n')).toEqual([
      { line: 2, pattern: 'password: (\\S+)' },
      { line: 4, pattern: '\\#\\d+ ' },
    ])
    expect(maskSettings({}, { used: false })).toEqual([])
  })

  it('is refused with the number of the line that is wrong, and without what it says', () => {
    expect(() => settingsOf('# ok\nfine\n(hunter2\n')).toThrow(
      'BMS_CONSOLE_LINE_LOG_MASKS_FILE, line 3, cannot be used: missing closing )',
    )
  })

  it('is refused if it cannot be read, or has too many expressions', () => {
    const none = { BMS_CONSOLE_LINE_LOG_MASKS_FILE: join(folder, 'none') }
    expect(() => maskSettings(none, { used: true })).toThrow('(ENOENT)')
    expect(() => maskSettings(none, { used: false })).toThrow('nothing is masked')
    expect(() => settingsOf('x\n'.repeat(MAX_PATTERNS + 1))).toThrow('more than 100 expressions')
  })
})
