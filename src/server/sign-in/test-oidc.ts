import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { expect, onTestFinished } from 'vitest'
import { SignInState } from '../../shared/sign-in.ts'
import { testAudit } from '../../testing/audit.ts'
import { buildApp } from '../app.ts'
import { parseConfig } from '../config.ts'
import { OidcSignIn } from './oidc.ts'
import { silentCloud } from './test-identity.ts'
import { startTestProvider, type TestProviderOptions } from './test-provider.ts'
import type { RoamingBrowser } from './test-roaming-browser.ts'

/** For tests: the product in mode `oidc`, with a real provider. */
export async function startOidc(options: Partial<TestProviderOptions> & { env?: NodeJS.ProcessEnv } = {}) {
  const { env, ...providerOptions } = options
  const publicOrigins: string[] = []
  const provider = await startTestProvider({ origins: () => publicOrigins, ...providerOptions })
  onTestFinished(() => provider.close())
  const config = parseConfig({
    BMS_CONSOLE_PORT: '0',
    BMS_CONSOLE_SIGN_IN: 'oidc',
    BMS_CONSOLE_OIDC_ISSUER: provider.issuer,
    BMS_CONSOLE_OIDC_CLIENT_ID: provider.clientId,
    ...(options.clientSecret ? { BMS_CONSOLE_OIDC_CLIENT_SECRET: options.clientSecret } : {}),
    BMS_CONSOLE_ADMIN_GROUPS: 'admins',
    BMS_CONSOLE_OPERATOR_GROUPS: 'operators',
    BMS_CONSOLE_VIEWER_GROUPS: 'viewers',
    ...env,
  })
  config.publicOrigins = publicOrigins
  if (config.signIn.mode !== 'oidc') throw new Error('the mode is not oidc')
  const clock = { now: Date.now() }
  const audit = testAudit()
  const ended: string[] = []
  const log: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) })
  const signIn = new OidcSignIn({
    settings: config.signIn,
    cloud: silentCloud,
    publicOrigins: () => publicOrigins,
    log: logger,
    now: () => clock.now,
  })
  signIn.onEnded((handle) => ended.push(handle))
  const app = await buildApp({
    config,
    signIn,
    logger,
    version: '0.0.0',
    audit,
    cloudName: 'Test',
  })
  onTestFinished(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  publicOrigins.push(`http://127.0.0.1:${port}`, `http://localhost:${port}`)
  return {
    app,
    publicOrigins,
    provider,
    clock,
    events: audit.events,
    ended,
    log,
    origin: `http://127.0.0.1:${port}`,
    port,
  }
}

export type Product = Awaited<ReturnType<typeof startOidc>>

const locationOf = (response: Response, base: string | URL) => {
  const location = response.headers.get('location')
  if (!location) throw new Error(`${response.status} without a location from ${base}`)
  return new URL(location, base)
}

/** @returns the provider's address that our start leads to */
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
  while (!url.pathname.startsWith('/api/') && !url.pathname.startsWith('/sign-in')) {
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
