import type { Page } from '@playwright/test'
import { account } from '../../src/sandbox/machines/machine.ts'
import { scrollback } from '../scrollback.ts'
import { test as base, expect, screen, seeOnScreen } from '../stack.ts'
import { type Lab, startLab } from './lab.ts'
import { missingLabPackages } from './tools.ts'

const test = base.extend<object, { lab: Lab }>({
  lab: [
    // Playwright wants the braces: a fixture's first argument names what it needs.
    // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
    async ({}, use) => {
      const lab = await startLab()
      await use(lab)
      await lab.close()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  sandboxOptions: async ({ lab }, use) => use({ servers: [lab.server], issueUrl: lab.issueUrl }),
  gateways: async ({ lab }, use) => use(lab.gatewayHost),
})

const missing = missingLabPackages()
test.skip(
  missing.length > 0 && process.env.LAB_REQUIRED !== '1',
  `needs the Debian packages ${missing.join(', ')}`,
)
// One machine, one serial port: one after the other.
test.describe.configure({ mode: 'serial' })

/** From the list to a shell. An idle getty is silent until Enter. */
async function logIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'lab-01' }).click()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await seeOnScreen(page, /lab-01 login:/)
  await page.keyboard.type(`${account.user}\n`)
  await seeOnScreen(page, /Password:/)
  await page.keyboard.type(`${account.password}\n`)
  await seeOnScreen(page, /~ # /)
}

async function logOut(page: Page): Promise<void> {
  await page.keyboard.type('clear; exit\n')
  await seeOnScreen(page, /lab-01 login:/)
}

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`a real Linux, over ${transport}`, () => {
    test.use({ transport })

    test('logs in and reads the kernel log', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('uname -a\n')
      await seeOnScreen(page, /^Linux lab-01 \d+\.\d+.* x86_64 GNU\/Linux/m)
      await page.keyboard.type('dmesg; echo end-$((40 + 2))\n')
      await seeOnScreen(page, /^end-42$/m)
      const text = await scrollback(page)
      expect(text).toMatch(/^\[ +0\.0{6}\] Linux version \d/m)
      expect(text).toContain('Run /init as init process')
      await logOut(page)
    })

    test('edits a file in vi', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('rm -f /tmp/note; clear; vi /tmp/note\n')
      await seeOnScreen(page, /^~$/m)
      await page.keyboard.type('iwritten over a serial line')
      await seeOnScreen(page, /^written over a serial line/m)
      await page.keyboard.press('Escape')
      // Back in command mode: until it says so, what follows could be the rest of an escape sequence.
      await seeOnScreen(page, /^- \/tmp\/note/m)
      await page.keyboard.type(':wq\n')
      await seeOnScreen(page, /~ # /)
      await page.keyboard.type('clear; cat /tmp/note; wc -c < /tmp/note\n')
      await seeOnScreen(page, /^written over a serial line\n27$/m)
      await logOut(page)
    })

    test('writes for the size that it was told, and for the one that it asks for', async ({ page }) => {
      await logIn(page)
      const chip = page.getByRole('button', { name: /^Terminal size/ })
      const [columns = '', rows = ''] = ((await chip.textContent()) ?? '').split(' × ')
      await page.keyboard.type('stty rows 24 cols 80; stty size\n')
      await page.getByRole('button', { name: 'Set size on server' }).click()
      await seeOnScreen(page, `  stty rows ${rows} cols ${columns}`)
      await page.keyboard.type('clear; stty size\n')
      await seeOnScreen(page, new RegExp(`^${rows} ${columns}$`, 'm'))
      await chip.click()
      await page.getByRole('menuitemradio', { name: '80 × 25' }).click()
      await expect(chip).toHaveText('80 × 25')
      // As `resize` and systemd ask: the answer has no line end, so it is read until nothing more comes.
      const read = 'a=$(dd bs=32 count=1 2>/dev/null)'
      await page.keyboard.type(
        `clear; stty raw -echo min 32 time 3; printf '\\033[18t'; ${read}; stty sane; echo "heard\${a#?}"\n`,
      )
      await seeOnScreen(page, /^heard\[8;25;80t$/m)
      await logOut(page)
    })

    test('types during a flood', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('yes flood &\n')
      await seeOnScreen(page, /^flood\nflood\nflood$/m)
      await page.keyboard.type('kill $!; clear; echo typed-$((40 + 2))\n')
      await seeOnScreen(page, /^typed-42$/m)
      await page.keyboard.type('clear; yes again\n')
      await seeOnScreen(page, /^again\nagain\nagain$/m)
      await page.keyboard.press('Control+C')
      await page.keyboard.type('clear; echo stopped-$((40 + 2))\n')
      await seeOnScreen(page, /^stopped-42$/m)
      await logOut(page)
    })

    test('watches it reboot', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('clear; echo before-$((40 + 2))\n')
      await seeOnScreen(page, /^before-42$/m)
      await page.keyboard.type('reboot -f\n')
      await seeOnScreen(page, /Run \/init as init process[\s\S]*lab-01 login:/, 60_000)
      // On the very line that we were on: nothing was lost between.
      const after = (await scrollback(page)).split(/^before-42$/m).at(-1) ?? ''
      expect(after).toContain('reboot: Restarting system')
      expect(after).toMatch(/^\[ +0\.0{6}\] Linux version \d/m)
      expect(await screen(page)).not.toContain('connection lost')
    })
  })
}
