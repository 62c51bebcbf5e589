import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { expect, type Frame, type Page } from '@playwright/test'
import { type JWTPayload, SignJWT } from 'jose'
import { intervals, type Stack, serverId, test as stackTest } from '../stack.ts'
import { type Site, serve } from './origins.ts'

/** What is said of a ticket beside the usual: an operator at web-fra-01, for a minute. */
export interface Said extends JWTPayload {
  role?: 'viewer' | 'operator'
  server?: string
}

export interface Portal {
  origin: string
  privateKey: KeyObject
  /** In PEM, as the console was given it */
  publicKey: string
  ticket(said?: Said): Promise<string>
  /** How the page's own backend answers from now on. */
  answer(said: Said | 'refuse'): void
  /** Tickets that the page has asked for. */
  readonly asked: number
  /** The page's body; the element with a `getTicket` unless set. */
  show(html: (console: string) => string): void
}

/** Set before the console starts, which has to know the portal's origin; used after. */
interface Standing extends Portal {
  meet(stack: Stack): void
  site: Site
}

const element = (console: string) => `
  <main style="height: 90vh; display: grid">
    <bms-console src="${console}" server="${serverId('web-fra-01')}" style="height: auto"></bms-console>
  </main>
  <script type="module">
    import '${console}/sdk/bms-console.js'
    const element = document.querySelector('bms-console')
    window.told = []
    for (const type of ['ready', 'state', 'title', 'bell', 'error', 'ended', 'ticket-expiring', 'trouble'])
      element.addEventListener('console-' + type, ({ detail }) => window.told.push({ type, ...detail }))
    element.getTicket = async () => {
      const answer = await fetch('/ticket', { method: 'POST' })
      if (!answer.ok) throw new Error('You may not open this server')
      return answer.text()
    }
  </script>`

export const test = stackTest.extend<{ standing: Standing; portal: Portal }>({
  transport: 'relay',
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern
  standing: async ({}, use) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    let console = ''
    let said: Said | 'refuse' = {}
    let html = element
    let asked = 0
    const ticket = ({ sub = 'u-17', aud = console, ...more }: Said = {}) =>
      sign(privateKey, { sub, aud, name: 'Erin', role: 'operator', server: serverId('web-fra-01'), ...more })
    const site = await serve('localhost', async ({ method }, response, pathname) => {
      if (pathname === '/ticket' && method === 'POST') {
        asked += 1
        if (said === 'refuse') return void response.writeHead(403).end()
        return void response.writeHead(200, { 'content-type': 'text/plain' }).end(await ticket(said))
      }
      if (pathname !== '/') return void response.writeHead(404).end()
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(
        `<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,">${html(console)}`,
      )
    })
    await use({
      origin: site.origin,
      publicKey: pem,
      privateKey,
      ticket,
      site,
      answer: (next) => {
        said = next
      },
      get asked() {
        return asked
      },
      show: (page) => {
        html = page
      },
      meet: (stack) => {
        console = stack.address
      },
    })
    await site.close()
  },
  env: async ({ standing }, use) =>
    use({ BMS_CONSOLE_EMBED_ORIGINS: standing.origin, BMS_CONSOLE_LAUNCH_KEY: standing.publicKey }),
  portal: async ({ standing, stack }, use) => {
    standing.meet(stack)
    await use(standing)
  },
})

/** As a portal's backend does. */
export async function sign(key: KeyObject, claims: Said, alg = 'EdDSA'): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  return new SignJWT({ iat, exp: iat + 60, jti: randomUUID(), ...claims })
    .setProtectedHeader({ alg })
    .sign(key)
}

export interface Told {
  type: string
  [field: string]: unknown
}

/** What the element has told the page, oldest first. */
export const told = (page: Page): Promise<Told[]> =>
  page.evaluate(() => (Reflect.get(window, 'told') ?? []) as Told[])

/** Waits for an event with these fields. */
export async function hear(page: Page, wanted: Told): Promise<void> {
  await expect
    .poll(() => told(page), { timeout: 20_000, intervals })
    .toContainEqual(expect.objectContaining(wanted))
}

/** Waits until the console's scrollback has the text, which the page gets by the contract alone. */
export async function seeInTranscript(page: Page, text: string | RegExp): Promise<void> {
  const transcript = () =>
    page.evaluate(() => document.querySelector('bms-console')?.getTranscript() ?? Promise.resolve(''))
  await expect.poll(transcript, { timeout: 20_000, intervals }).toMatch(text)
}

/** The console's frame. */
export async function consoleFrame(page: Page, { address }: Stack): Promise<Frame> {
  const find = () => page.frames().find((frame) => frame.url().startsWith(`${address}/embed/`))
  await expect.poll(() => find() !== undefined).toBe(true)
  const frame = find()
  if (!frame) throw new Error('no frame')
  return frame
}

/** From the portal's page to a shell on web-fra-01. */
export async function logIn(page: Page, portal: Portal): Promise<void> {
  await page.goto(portal.origin)
  await hear(page, { type: 'state', state: 'live' })
  await type(page, '\r')
  await seeInTranscript(page, /login:/)
  await type(page, 'root\r')
  await seeInTranscript(page, /Password:/)
  await type(page, 'sandbox\r')
  await seeInTranscript(page, /root@web-fra-01/)
}

/** By the command `send`. */
export const type = (page: Page, text: string) =>
  page.evaluate((keys) => document.querySelector('bms-console')?.send(keys), text)

export { expect }
