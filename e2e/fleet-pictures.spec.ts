import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { completeWords, type Language } from '../src/testing/web/languages.ts'
import { expectAccessible, inBothThemes } from './axe.ts'
import { type State, states } from './fleet-pictures/states.ts'
import { expect, test as stackTest } from './stack.ts'

// The list, a server's page, and what the pages show when there is nothing to show. All of it was looked at, at four
// sizes, in both themes and all languages: `PICTURES=all` makes those pictures anew, in test-results/pictures. A part of
// them is kept, and compared here. Each size, theme and language is among those, and so is what breaks most easily.

const test = stackTest.extend({
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  env: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-pictures-'))
    await use({
      BMS_CONSOLE_LINE_LOG_DIR: join(dir, 'lines'),
      BMS_CONSOLE_RECORDINGS: 'on-demand',
      BMS_CONSOLE_RECORDINGS_DIR: join(dir, 'recordings'),
    })
    await rm(dir, { recursive: true, force: true })
  },
  timezoneId: 'UTC',
})

const sizes = {
  desk: { width: 1440, height: 900 },
  small: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
  'phone on its side': { width: 844, height: 390 },
} as const
type Size = keyof typeof sizes
type Theme = 'light' | 'dark'

const locales: Record<Language, string> = { en: 'en-GB', de: 'de-DE', zh: 'zh-CN' }

const kept: Partial<Record<`${Size}, ${Language}`, Record<string, readonly Theme[]>>> = {
  'desk, en': {
    list: ['light'],
    'list-views-menu': ['light'],
    'list-power-many': ['dark'],
    'list-palette': ['light'],
    'list-failing': ['dark'],
    server: ['light'],
  },
  'desk, de': { list: ['light'], 'list-loading': ['light'] },
  'desk, zh': { list: ['dark'], 'list-no-match': ['light'], server: ['light'] },
  'small, en': { list: ['light'], 'list-selection': ['dark'], 'server-failing': ['light'] },
  'small, de': { 'list-filters': ['light'], server: ['light'] },
  'phone, en': {
    list: ['light', 'dark'],
    'list-favourites': ['light'],
    'list-palette': ['dark'],
    'list-power-many': ['light'],
    'list-selection': ['light'],
    'list-empty': ['light'],
    server: ['light'],
  },
  'phone, de': { list: ['light'], 'list-no-match': ['dark'], 'list-partly': ['light'], server: ['dark'] },
  'phone, zh': { list: ['light'], 'list-loading': ['dark'], 'server-power': ['light'] },
  'phone on its side, en': { list: ['light'], 'list-empty': ['dark'], server: ['dark'] },
}

const all = process.env.PICTURES === 'all'

interface Place {
  page: Page
  size: Size
  language: Language
}

/** Shows one state on a page of its own. What a person kept in one is not in the next. */
async function show({ show }: State, { page, size, language }: Place): Promise<void> {
  await page.addInitScript(() => localStorage.clear())
  // "Updated now", however long it takes.
  await page.clock.setFixedTime(new Date())
  await show({ page, words: completeWords[language], narrow: size.startsWith('phone') })
}

for (const size of Object.keys(sizes) as Size[])
  for (const language of ['en', 'de', 'zh'] as const) {
    const keeps = kept[`${size}, ${language}`] ?? {}
    const touch = size.startsWith('phone')
    test.describe(`${size}, ${language}`, () => {
      test.use({
        locale: locales[language],
        viewport: sizes[size],
        transport: 'relay',
        hasTouch: touch,
        isMobile: touch,
      })

      if (Object.keys(keeps).length > 0 || all)
        test('look as they did', async ({ context }) => {
          test.setTimeout(all ? 900_000 : 120_000)
          for (const state of states) {
            const themes = keeps[state.name] ?? []
            if (themes.length === 0 && !all) continue
            const page = await context.newPage()
            await page.emulateMedia({ colorScheme: themes[0] ?? 'light' })
            await show(state, { page, size, language })
            for (const theme of all ? (['light', 'dark'] as const) : themes) {
              await page.emulateMedia({ colorScheme: theme })
              await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
              const { width, height } = sizes[size]
              const name = `${state.name}-${width}x${height}-${language}-${theme}.png`
              if (all) await page.screenshot({ path: `test-results/pictures/${name}` })
              // Other systems have other fonts. A part that moves by a line is 20 times as much as this.
              else if (process.platform === 'linux')
                await expect.soft(page).toHaveScreenshot(name, { maxDiffPixelRatio: 0.003 })
            }
            await page.close()
          }
        })

      // One of each: what is slow on a busy computer has a test's whole time, and says which state it is.
      if (language === 'en' && (size === 'desk' || size === 'phone'))
        for (const state of states)
          test(`axe finds nothing: ${state.name}`, async ({ page }) => {
            await show(state, { page, size, language })
            await inBothThemes(page, () =>
              expectAccessible(page, { menu: state.menu ?? false, exclude: 'tr:nth-child(n + 4)' }),
            )
          })
    })
  }

test.describe('in forced colours', () => {
  test.use({
    transport: 'relay',
    colorScheme: 'dark',
    contextOptions: { forcedColors: 'active', reducedMotion: 'reduce' },
    viewport: sizes.phone,
  })

  test('the pictures take the system’s', async ({ page }) => {
    await page.goto('/?q=nothing+like+this')
    const picture = page.locator('#content svg:has(use)')
    await expect(picture).toBeVisible()
    const colours = await picture.evaluate((svg) => {
      const probe = document.createElement('span')
      document.body.append(probe)
      const seen = (colour: string) => {
        probe.style.color = colour
        return getComputedStyle(probe).color
      }
      const result = [getComputedStyle(svg).stroke, seen('CanvasText')]
      probe.remove()
      return result
    })
    expect(colours[0]).toBe(colours[1])
  })
})
