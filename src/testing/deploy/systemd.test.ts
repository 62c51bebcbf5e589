import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../server/config.ts'
import { isInstalled } from '../installed.ts'
import { pathOf, settingsIn, textOf } from './files.ts'

const unit = 'deploy/systemd/bms-console.service'
const text = textOf(unit)
const valuesOf = (name: string) =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value)

describe('the systemd unit', () => {
  it('starts the server with its settings', () => {
    const env = settingsIn(textOf('deploy/bms-console.env'))
    const config = parseConfig(env)
    const [state] = valuesOf('StateDirectory')
    for (const dir of [config.lineLog?.dir, config.recordings?.dir])
      expect(dir?.startsWith(`/var/lib/${state}/`)).toBe(true)
    // The server ends within 10 seconds.
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(10)
  })

  it('reads a new certificate where it is told to reload', () => {
    expect(valuesOf('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID'])
  })

  it('gives secrets as files', () => {
    const example = textOf('deploy/systemd/secrets.conf')
    const loaded = [...example.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name]) => name)
    const read = [...example.matchAll(/^Environment=(\w+)_FILE=%d\/([\w-]+)$/gm)]
    expect(read.map(([, , name]) => name)).toEqual(loaded)
    const variables = read.map(([, name = '']) => [`${name}_FILE`, pathOf('package.json')])
    // All of them are settings of the server. Otherwise it would name the stranger.
    expect(() => parseConfig({ BMS_CONSOLE_SIGN_IN: 'iam', ...Object.fromEntries(variables) })).not.toThrow()
  })
})

// `--offline` came with systemd 250.
const analyses = isInstalled('systemd-analyze')

describe.skipIf(!analyses)('the systemd unit, as systemd reads it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'unit-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  // Here nothing is installed in /opt, and systemd looks for the program.
  const installed = join(dir, 'bms-console.service')
  writeFileSync(installed, text.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'))

  it('is right in each line', () => {
    expect(analysed('verify', installed)).toBe('')
  })

  it('leaves little open', () => {
    // It counts up to 10. What is left is the network, the folder of the host's system, and code that Node makes while it runs.
    const said = analysed('security', '--offline=true', '--no-pager', '--threshold=16', pathOf(unit))
    expect(said).toMatch(/Overall exposure level for bms-console\.service: 1\.[0-6] OK/)
  })
})

/** What it prints, faults included */
function analysed(...args: string[]): string {
  return execFileSync('sh', ['-c', 'exec systemd-analyze "$@" 2>&1', 'sh', ...args], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' },
  })
}
