import { existsSync } from 'node:fs'

/**
 * The system's browsers: Playwright's own download is not needed, and on many machines not possible. Undefined where
 * there is none: then Playwright looks for its own.
 */
export const chromium = firstOf([
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
])

/**
 * The same engine without the browser's own windows, as Playwright uses it by default. The browser tests take a third
 * less CPU time in it. It has no profile, and so no user's choice about cookies.
 */
export const headlessShell =
  process.env.CHROMIUM_PATH ?? firstOf(['/usr/bin/chromium-headless-shell']) ?? chromium

function firstOf(places: (string | undefined)[]): string | undefined {
  return places.find((place) => place !== undefined && existsSync(place))
}
