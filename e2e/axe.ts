import type { Page } from '@playwright/test'
import axe, { type RunOptions } from 'axe-core'
import { expect, test } from './stack.ts'

interface AxeOptions {
  /** A menu is open. It stands at the end of the body, in no landmark: it has the focus, nobody has to look for it. */
  menu?: boolean
  /** What is left out, as a CSS selector: the many rows that are like the others. */
  exclude?: string
}

/** Expects that axe finds nothing on the page as it is now. The page has no frames. */
export async function expectAccessible(
  page: Page,
  { menu = false, exclude }: AxeOptions = {},
): Promise<void> {
  expect(page.frames()).toHaveLength(1)
  const options: RunOptions = {
    resultTypes: ['violations'],
    rules: menu ? { region: { enabled: false } } : {},
  }
  // To load axe takes half as long as to run it, so a page loads it once.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(
    async ([without, settings]) => {
      const { violations } = await window.axe.run({ exclude: without }, settings)
      return violations
    },
    [exclude ? [exclude] : [], options] as const,
  )
  expect(violations).toEqual([])
}

declare global {
  interface Window {
    axe: typeof axe
  }
}

/** Runs the checks in the light theme, then in the dark one. */
export async function inBothThemes(page: Page, run: () => Promise<void>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await test.step(`in the ${colorScheme} theme`, async () => {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      // The terminal draws its new colours with the next frame.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      )
      await run()
    })
  }
}

/** Waits until the terminal and its rows have the new size: before, they lie over what is beside it. */
async function terminalFits(page: Page): Promise<void> {
  const sticksOut = () =>
    page.evaluate(() => {
      const screen = document.querySelector('.xterm-screen')
      // A terminal of another's size may be larger than its place, which then pans it.
      const panned = screen?.closest('[data-size="pans"]')
      const within = (inner: Element, outer: Element | null | undefined) => {
        const [small, large] = [inner.getBoundingClientRect(), outer?.getBoundingClientRect()]
        return !large || (small.right <= large.right + 1 && small.bottom <= large.bottom + 1)
      }
      const rows = document.querySelectorAll('.xterm-accessibility-tree [role="listitem"]')
      return (
        screen !== null &&
        !(
          within(panned ?? screen, screen.closest('section')) && [...rows].every((row) => within(row, screen))
        )
      )
    })
  await expect.poll(sticksOut, { intervals: [20, 50, 100] }).toBe(false)
}

/** Runs the checks at each width. */
export async function atEachWidth(
  page: Page,
  widths: readonly number[],
  run: (width: number) => Promise<void>,
  height = 844,
): Promise<void> {
  for (const width of widths) {
    await test.step(`${width} pixels wide`, async () => {
      await page.setViewportSize({ width, height })
      await terminalFits(page)
      await run(width)
    })
  }
}
