import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What an administrator has: a clean folder with the package installed in it */
function installed(dir: string): void {
  const built = execFileSync('npm', ['run', '--silent', 'package:built', '--', dir], {
    cwd: root,
    encoding: 'utf8',
  })
  const file = built.trim().split('\n').at(-1) ?? ''
  writeFileSync(join(dir, 'package.json'), '{"private":true}')
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(dir, file)], {
    cwd: dir,
  })
}

test('the package starts without a build, in a clean folder, and opens a console', async ({ page }) => {
  test.slow()
  const dir = mkdtempSync(join(tmpdir(), 'package-'))
  const command = join(dir, 'node_modules/.bin/bms-console')
  const env = {
    PATH: process.env.PATH ?? '',
    BMS_CONSOLE_PORT: '0',
    BMS_CONSOLE_SANDBOX_MACHINES: 'simulated',
    BMS_CONSOLE_AUDIT: 'off',
  }
  try {
    installed(dir)
    expect(execFileSync(command, ['--version'], { cwd: dir, encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/)
    const checked = execFileSync(command, ['check'], { cwd: dir, env, encoding: 'utf8' })
    expect(checked).toMatch(/ok +cloud +Sandbox shows \d+ servers\./)
    expect(checked).toContain('0 wrong')

    const server = spawn(command, { cwd: dir, env, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      let said = ''
      const origin = await new Promise<string>((resolve, reject) => {
        server.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString('utf8')
          const [, found] = /^ {2}(http:\/\/localhost:\d+)$/m.exec(said) ?? []
          if (found) resolve(found)
        })
        server.on('exit', (code) => reject(new Error(`it ended with ${String(code)}: ${said}`)))
      })
      await page.goto(origin)
      await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible()
    } finally {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
