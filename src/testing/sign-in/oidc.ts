import { expect, onTestFinished } from 'vitest'
import { SignInState } from '../../shared/sign-in.ts'
import { listeningTestApp } from '../app.ts'
import { ManualClock } from '../clock.ts'
import { startTestProvider, type TestProviderOptions } from './provider.ts'
import type { RoamingBrowser } from './roaming-browser.ts'

/** For tests: the product in mode `oidc`, with a real provider. */
export async function startOidc(options: Partial<TestProviderOptions> & { env?: NodeJS.ProcessEnv } = {}) {
  const { env, ...providerOptions } = options
  let origins = (): readonly string[] => []
  const provider = await startTestProvider({ origins: () => origins(), ...providerOptions })
  onTestFinished(() => provider.close())
  const clock = new ManualClock(Date.now())
  const ended: string[] = []
  const server = await listeningTestApp({
    env: {
      BMS_CONSOLE_SIGN_IN: 'oidc',
      BMS_CONSOLE_OIDC_ISSUER: provider.issuer,
      BMS_CONSOLE_OIDC_CLIENT_ID: provider.clientId,
      ...(options.clientSecret ? { BMS_CONSOLE_OIDC_CLIENT_SECRET: options.clientSecret } : {}),
      BMS_CONSOLE_ADMIN_GROUPS: 'admins',
      BMS_CONSOLE_OPERATOR_GROUPS: 'operators',
      BMS_CONSOLE_VIEWER_GROUPS: 'viewers',
      ...env,
    },
    clock,
    signIn(mode) {
      mode.onEnded((handle) => ended.push(handle))
      return mode
    },
  })
  origins = () => server.origins.addresses
  const { app, audit, log, origin, port } = server
  return { app, provider, clock, events: audit.events, ended, log, origin, port }
}

export type Product = Awaited<ReturnType<typeof startOidc>>

const locationOf = (response: Response, base: string | URL) => {
  const location = response.headers.get('location')
  if (!location) throw new Error(`${response.status} without a location from ${base}`)
  return new URL(location, base)
}

/** @param origin with the path that the product is below. @returns the provider's address that our start leads to */
export async function begin(browser: RoamingBrowser, origin: string, to = '/servers'): Promise<URL> {
  const url = `${origin}/api/sign-in/oidc?${new URLSearchParams({ to })}`
  return locationOf(await browser.request(url), url)
}

/** Signs in at the provider. @returns where the provider sends the browser back to */
export async function atProvider(
  browser: RoamingBrowser,
  from: URL,
  answer: Record<string, string>,
): Promise<URL> {
  let url = from
  while (url.origin === from.origin) {
    let response = await browser.request(url)
    if (response.status === 200) {
      const form = { method: 'POST', body: new URLSearchParams(answer) }
      response = await browser.request(url, form)
    }
    url = locationOf(response, url)
  }
  return url
}

/** All of it. @returns the page's path that one lands on */
export async function signIn(
  browser: RoamingBrowser,
  { origin }: Product,
  user: string,
  to?: string,
): Promise<string> {
  const back = await atProvider(browser, await begin(browser, origin, to), { user })
  return landing(await browser.request(back), origin)
}

export const landing = (response: Response, origin: string) => {
  expect(response.status).toBe(302)
  const { pathname, search, origin: at } = locationOf(response, origin)
  expect(at).toBe(origin)
  return pathname + search
}

export async function stateOf(browser: RoamingBrowser, origin: string) {
  return SignInState.parse(await (await browser.request(`${origin}/api/sign-in`)).json())
}

export const nobody = { state: 'signed-out', offer: { mode: 'oidc', provider: 'localhost' } }
export const FAILED = '/sign-in?failed=sign-in-failed'
/** Where it is sure what was begun, trying again leads to the same place. */
export const FAILED_KNOWN = `${FAILED}&to=%2Fservers`
