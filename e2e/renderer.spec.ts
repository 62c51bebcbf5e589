import type { Page } from '@playwright/test'
import { claimGpu } from './gpu.ts'
import { test as withMachine } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen, test, typeLogin, watch } from './stack.ts'

const terminal = (page: Page) => page.getByRole('region', { name: 'Serial console' })

test('emulated WebGL is left alone: the page draws by itself', async ({ page }) => {
  await watch(page, /login:/)
  await expect(terminal(page).locator('canvas')).toHaveCount(0)
})

test('a GPU draws where there is one, and when it is lost the page goes on drawing', async ({ page }) => {
  await claimGpu(page)
  // The emulated GPU draws every pixel on the processor.
  await page.setViewportSize({ width: 900, height: 400 })
  await watch(page, /login:/)
  const canvases = terminal(page).locator('canvas')
  await expect(canvases.first()).toBeAttached()
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.xterm canvas')) {
      canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
    }
  })
  await expect(canvases).toHaveCount(0)
  await typeLogin(page)
  await page.keyboard.type('uname -a\n')
  await seeOnScreen(page, /x86_64 GNU\/Linux/)
  await expect(terminal(page).locator('.xterm-rows')).toContainText('GNU/Linux')
})

withMachine.describe('where motion is welcome', () => {
  withMachine.use({ contextOptions: { reducedMotion: 'no-preference' } })

  withMachine(
    'the cursor blinks without an animation, whatever the machine prints',
    async ({ page, gateway }) => {
      await page.goto(consoleOf('web-fra-01'))
      await seeOnScreen(page, /ready/)
      const cursors = (count: number) =>
        page.waitForFunction((shown) => document.querySelectorAll('.xterm-cursor').length === shown, count)
      for (const [sequence, shape] of [
        ['\x1b[?12h', 'block'],
        ['\x1b[3 q', 'underline'],
        ['\x1b[5 q', 'bar'],
        ['\x1b[1 q', 'block'],
      ] as const) {
        gateway.print(sequence)
        await page.keyboard.press('a')
        await page.locator(`.xterm-cursor-${shape}`).waitFor({ state: 'attached' })
        await cursors(0)
        await cursors(1)
        const animations = await page.evaluate(() => document.getAnimations().map(String))
        expect(animations).toEqual([])
      }
    },
  )
})
