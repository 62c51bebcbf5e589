import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext } from 'playwright'
import { commandsAt, listen } from './spy.ts'
import { type Check, envelope, type Portal } from './visit.ts'

/** Another server stands in the console's place and says `ready` as the console does. */
export function stranger(context: BrowserContext, portal: Portal): Check[] {
  return [
    [
      'A stranger in the console’s place gets no message and no ticket',
      async () => {
        const other = await serveStranger()
        const page = await context.newPage()
        try {
          await page.addInitScript(listen)
          const own = new URL(portal.page).origin
          await page.route(
            ({ origin, pathname }) => origin !== own && pathname.startsWith('/embed/'),
            (route) =>
              route.fulfill({
                contentType: 'text/html',
                body: `<script>location.replace('${other.origin}')</script>`,
              }),
          )
          // The page's policy may hold the stranger off; what its scripts do is what is looked at here.
          await page.route(
            ({ origin }) => origin === own,
            async (route) => {
              if (route.request().resourceType() !== 'document') return route.fallback()
              const response = await route.fetch({
                headers: { ...route.request().headers(), ...portal.headers },
              })
              const { 'content-security-policy': _policy, ...headers } = response.headers()
              await route.fulfill({ response, headers })
            },
          )
          await page.goto(portal.page)
          if (portal.click) await page.click(portal.click)
          const arrived = () => page.frames().find((each) => each.url().startsWith(other.origin))
          const frame =
            arrived() ??
            (await page.waitForEvent('framenavigated', {
              predicate: () => arrived() !== undefined,
              timeout: portal.timeoutMs,
            }))
          await frame.evaluate((message) => window.parent.postMessage(message, '*'), {
            ...envelope,
            type: 'ready',
          })
          // Nothing is what is waited for: a page greets at the load, and answers `ready` with a ticket.
          await page.waitForTimeout(3_000)
          const [heard] = await commandsAt(frame)
          if (heard) throw new Error(`It got ${heard.command.type}`)
        } finally {
          await page.close()
          await other.close()
        }
      },
    ],
  ]
}

/** On loopback, which a page over https may frame as well. */
async function serveStranger(): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Stranger</title>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
