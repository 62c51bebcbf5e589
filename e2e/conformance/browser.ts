import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium as playwright } from 'playwright'
import { chromium } from '../chromium.ts'

/**
 * A browser of its own whose profile blocks third-party cookies, as private windows and more and more browsers do.
 * The profile's preference is what the user's choice is stored as; no switch of the command line is the same.
 */
export async function browserWithoutThirdPartyCookies(): Promise<{
  context: BrowserContext
  close: () => Promise<void>
}> {
  const profile = await mkdtemp(join(tmpdir(), 'bms-console-conformance-'))
  await mkdir(join(profile, 'Default'))
  await writeFile(
    join(profile, 'Default/Preferences'),
    // 1: "block third-party cookies" in Chromium's enum CookieControlsMode.
    JSON.stringify({ profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } }),
  )
  const context = await playwright.launchPersistentContext(profile, {
    ...(chromium ? { executablePath: chromium } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      // Nobody is there to allow it where page or console are on this machine or in a private network.
      '--disable-features=LocalNetworkAccessChecks',
    ],
    viewport: { width: 1280, height: 800 },
  })
  return {
    context,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}
