import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { completeWords, type Language, languageTags, textsOf } from '../src/testing/web/languages.ts'
import { consoleOf, expect, seeOnScreen, serverId, test as stackTest } from './stack.ts'

const test = stackTest.extend({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  env: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-languages-'))
    await use({
      BMS_CONSOLE_LINE_LOG_DIR: join(dir, 'lines'),
      BMS_CONSOLE_RECORDINGS: 'always',
      BMS_CONSOLE_RECORDINGS_DIR: join(dir, 'recordings'),
    })
    await rm(dir, { recursive: true, force: true })
  },
})

/** Every page in every language, at the widths of a phone and of a desk. */
const spoken: { locale: string; language: Language }[] = [
  { locale: 'en-GB', language: 'en' },
  { locale: 'de-DE', language: 'de' },
  { locale: 'zh-CN', language: 'zh' },
]
const widths = [390, 1440]

const texts = (language: Language) => [...textsOf(completeWords[language]).values()]

/** What a person can read on the page or hear of it, apart from the terminal. */
const said = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [document.title]
    const walk = (element: Element) => {
      if (element.matches('script, style, code, .xterm')) return
      for (const name of ['aria-label', 'title', 'placeholder']) {
        const text = element.getAttribute(name)
        if (text) found.push(text)
      }
      for (const child of element.childNodes) {
        if (child instanceof Element) walk(child)
        else if (child.nodeType === Node.TEXT_NODE) found.push(child.textContent?.trim() ?? '')
      }
    }
    walk(document.body)
    return found.filter((text) => text !== '')
  })

/** Labels that are cut, or stick out of the window, and a navigation that hides a page. */
const cut = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('header nav, h1, h2, button, th, label, [role="status"]')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      // What only a screen reader reads is a pixel wide.
      .filter((element) => element.clientWidth > 1 && !element.closest('.xterm'))
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.textContent),
  )

const sticksOut = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

async function expectSpoken(page: Page, language: Language): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', languageTags[language])
  const own = new Set(texts(language))
  const foreign = new Set(texts('en').filter((text) => /[a-z]{2}/.test(text) && !own.has(text)))
  const all = await said(page)
  expect(all.some((text) => own.has(text))).toBe(true)
  expect(all.filter((text) => foreign.has(text))).toEqual([])
  // A text that is missing is shown by its path.
  const sections = Object.keys(completeWords.en).join('|')
  expect(all.filter((text) => new RegExp(`^(${sections})\\.[\\w.-]+$`).test(text))).toEqual([])
  for (const width of widths) {
    await test.step(`${width} pixels wide`, async () => {
      await page.setViewportSize({ width, height: 844 })
      await expect.poll(() => sticksOut(page)).toBe(0)
      await expect.poll(() => cut(page)).toEqual([])
    })
  }
}

for (const { locale, language } of spoken) {
  const words = completeWords[language]

  test.describe(`in ${locale}`, () => {
    test.use({ locale, transport: 'relay' })

    test('every page says all in the language, and nothing is cut', async ({ page }) => {
      test.setTimeout(120_000)
      const heading = (name: string) => page.getByRole('heading', { name, exact: true })
      await test.step('list', async () => {
        await page.goto('/')
        await expect(heading(words.servers.title)).toBeVisible()
        await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
        await expectSpoken(page, language)
      })
      await test.step('console', async () => {
        await page.goto(consoleOf('web-fra-01'))
        await seeOnScreen(page, /login:/)
        await expect(page.getByRole('region', { name: words.console.terminal })).toBeVisible()
        await expectSpoken(page, language)
      })
      await test.step('one server', async () => {
        await page.goto(`/servers/${serverId('web-fra-01')}`)
        await expect(
          page.getByRole('region', { name: words.server.sections.console, exact: true }),
        ).toContainText(words.server.visits)
        await expectSpoken(page, language)
      })
      await test.step('several consoles', async () => {
        await page.goto(`/consoles?servers=${['web-fra-01', 'db-fra-01'].map(serverId).join()}`)
        await expect(page.getByRole('region', { name: 'db-fra-01', exact: true })).toContainText('login:')
        await expectSpoken(page, language)
      })
      await test.step('history', async () => {
        await page.goto(`/servers/${serverId('web-fra-01')}/history`)
        await expect(page.getByRole('region', { name: words.history.log })).toContainText('login:')
        await expectSpoken(page, language)
      })
      await test.step('search', async () => {
        await page.goto('/search')
        await expect(heading(words.search.all.title)).toBeVisible()
        await expectSpoken(page, language)
        await page.getByRole('searchbox').fill('login')
        await page.keyboard.press('Enter')
        await expect(page.getByRole('link', { name: /login:/ }).first()).toBeVisible()
        await expectSpoken(page, language)
      })
      await test.step('recordings', async () => {
        await page.goto('/recordings')
        await expect(heading(words.recordings.title)).toBeVisible()
        await expect(page.getByText('web-fra-01').filter({ visible: true }).first()).toBeVisible()
        await expectSpoken(page, language)
      })
      await test.step('audit log', async () => {
        await page.goto('/audit')
        await expect(heading(words.audit.title)).toBeVisible()
        await expect(
          page.getByRole('row').filter({ hasText: words.audit.actions['open-console'] }),
        ).not.toHaveCount(0)
        await expectSpoken(page, language)
      })
    })

    test.describe('before signing in', () => {
      test.use({ signInMode: 'iam' })

      test('the sign-in page says all in the language, and nothing is cut', async ({ page }) => {
        await page.goto('/')
        await expect(page.getByRole('button', { name: words.signIn.signIn, exact: true })).toBeVisible()
        await expectSpoken(page, language)
      })
    })
  })
}
