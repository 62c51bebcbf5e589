import type { BrowserContext, Frame } from 'playwright'
import * as z from 'zod/mini'
import { paths } from '../../src/shared/api.ts'
import { commandsAt } from './spy.ts'
import { stranger } from './stranger.ts'
import { type Check, envelope, type Portal, Visit } from './visit.ts'

export interface Result {
  check: string
  /** null: it holds */
  failure: string | null
}

/** Opens the portal's page as a user does, and looks whether it keeps the contract. */
export async function checkPortal(context: BrowserContext, portal: Portal): Promise<Result[]> {
  await signIn(context, portal)
  const visit = await Visit.start(context, portal)
  const results = await runAll([...shown(visit), ...secrets(visit), ...exchange(visit), ...quiet(visit)])
  await visit.page.close()
  return [...results, ...(await runAll(stranger(context, portal)))]
}

async function runAll(checks: Check[]): Promise<Result[]> {
  const results: Result[] = []
  for (const [check, run] of checks) {
    try {
      await run()
      results.push({ check, failure: null })
    } catch (error) {
      const [words = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
      results.push({ check, failure: words })
    }
  }
  return results
}

async function signIn(context: BrowserContext, { page, cookies, headers }: Portal): Promise<void> {
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: page })))
  if (Object.keys(headers).length === 0) return
  await context.route(`${new URL(page).origin}/**`, (route) =>
    route.continue({ headers: { ...route.request().headers(), ...headers } }),
  )
}

function shown(visit: Visit): Check[] {
  const attribute = async (name: string) => (await visit.element()).getAttribute(name)
  return [
    [
      'The page shows a console that is on another origin',
      async () => {
        const page = new URL(visit.page.url()).origin
        if ((await visit.origin()) === page) throw new Error(`Console and page are both on ${page}`)
      },
    ],
    [
      'Its sandbox suffices, and allows no more than is needed',
      async () => {
        const sandbox = await attribute('sandbox')
        if (sandbox === null) throw new Error('The frame has no attribute sandbox')
        const has = sandbox.split(/\s+/)
        const missing = ['allow-scripts', 'allow-same-origin'].filter((token) => !has.includes(token))
        if (missing.length > 0) throw new Error(`sandbox lacks ${missing.join(' ')}`)
        const extra = has.filter((token) => /^allow-(top-navigation|forms|modals|pointer-lock)/.test(token))
        if (extra.length > 0) throw new Error(`sandbox has ${extra.join(' ')}, which nothing here needs`)
      },
    ],
    [
      'It may use the clipboard',
      async () => {
        const allow = (await attribute('allow')) ?? ''
        const missing = ['clipboard-read', 'clipboard-write'].filter((name) => !allow.includes(name))
        if (missing.length > 0) throw new Error(`allow lacks ${missing.join('; ')}`)
      },
    ],
    [
      'It has a name for screen readers',
      async () => {
        if (!(await attribute('title'))) throw new Error('The frame has no attribute title')
      },
    ],
    [
      'ready arrives',
      async () => {
        await visit.until('The console did not say ready: was it sent hello?', async () =>
          (await visit.events()).some(({ type }) => type === 'ready'),
        )
      },
    ],
    [
      'The ticket opens the line, third-party cookies being blocked',
      async () => {
        await visit.until('No state live or silent came', async () => {
          const events = await visit.events()
          const error = events.find((event) => event.type === 'error' && !event.retries)
          if (error?.type === 'error') throw new Error(`${error.cause}: ${error.detail ?? error.title}`)
          return events.some(
            (event) => event.type === 'state' && (event.state === 'live' || event.state === 'silent'),
          )
        })
        const frame = await visit.frame()
        if (await frame.evaluate(() => document.hasStorageAccess()))
          throw new Error('This browser did not block third-party cookies: the check says nothing')
      },
    ],
    [
      'The page cannot look into the console',
      async () => {
        const element = await visit.element()
        if (await element.evaluate(({ contentDocument }) => contentDocument !== null))
          throw new Error('The frame’s document can be reached')
      },
    ],
  ]
}

const Storage = z.array(z.string())

function secrets(visit: Visit): Check[] {
  const never = (places: readonly string[], what: string) => {
    if (visit.tickets.length === 0) throw new Error('No ticket was exchanged')
    // The signature tells, however the rest was encoded.
    const marks = visit.tickets.map((ticket) => ticket.split('.').at(-1) ?? ticket)
    if (places.some((place) => marks.some((mark) => place.includes(mark)))) throw new Error(what)
  }
  return [
    [
      'The ticket is in no address that was asked for, and in no referrer',
      () => {
        never(
          visit.requests
            .map((request) => new URL(request.url()))
            .map(({ pathname, search }) => pathname + search),
          'A request’s address has the ticket',
        )
        never(
          visit.requests.map((request) => request.headers().referer ?? ''),
          'A referrer has the ticket',
        )
      },
    ],
    [
      'The ticket is in no address bar and no history',
      async () => {
        const session = await visit.page.context().newCDPSession(visit.page)
        const { entries } = await session.send('Page.getNavigationHistory')
        await session.detach()
        never(
          entries.map(({ url }) => url),
          'The history has the ticket',
        )
        never(
          visit.page.frames().map((frame) => frame.url()),
          'A frame’s address still has the ticket',
        )
      },
    ],
    [
      'The ticket is in no storage and no cookie',
      async () => {
        for (const frame of [visit.page.mainFrame(), await visit.frame()]) {
          const stored = await frame.evaluate(() => {
            try {
              return [localStorage, sessionStorage].flatMap((storage) =>
                Object.values<unknown>(storage).map(String),
              )
            } catch {
              // With third-party cookies blocked a frame has no storage at all.
              return []
            }
          })
          never(z.parse(Storage, stored), `The storage of ${new URL(frame.url()).origin} has the ticket`)
        }
        const cookies = await visit.page.context().cookies()
        never(
          cookies.map(({ value }) => value),
          'A cookie has the ticket',
        )
      },
    ],
    [
      'The console sets no cookie',
      async () => {
        const { cookies } = await visit.page.context().storageState()
        const { hostname } = new URL(await visit.origin())
        const own = cookies.filter(({ domain }) => domain.replace(/^\./, '') === hostname)
        if (own.length > 0) throw new Error(`It set ${own.map(({ name }) => name).join(', ')}`)
      },
    ],
  ]
}

function exchange(visit: Visit): Check[] {
  /** Where another frame of the page finds the console; -1: in a shadow tree, where it does not. */
  const place = async () =>
    (await visit.element()).evaluate((iframe) => {
      const windows = Array.from({ length: window.length }, (_, index) => window[index])
      return windows.indexOf(iframe.contentWindow as typeof window)
    })
  return [
    [
      'Commands come from the page’s own origin',
      async () => {
        const page = new URL(visit.page.url()).origin
        const from = new Set((await commandsAt(await visit.frame())).map(({ origin }) => origin))
        if (from.size === 0) throw new Error('The console got no command')
        for (const origin of from) if (origin !== page) throw new Error(`A command came from ${origin}`)
      },
    ],
    [
      'The console does not obey another origin',
      async () => {
        const index = await place()
        const ask = { ...envelope, type: 'get-transcript' }
        if (index >= 0) {
          const other = await anotherFrame(visit)
          await other.evaluate(([message, at]) => window.parent[at]?.postMessage(message, '*'), [
            { ...ask, id: 'another-origin' },
            index,
          ] as const)
        }
        // The page itself is answered; whatever the other would have got had come before.
        await (await visit.element()).evaluate(
          (iframe, message) => iframe.contentWindow?.postMessage(message, '*'),
          { ...ask, id: 'own-origin' },
        )
        const answers = async () =>
          (await visit.events()).flatMap((event) => (event.type === 'transcript' ? event.id : []))
        await visit.until('The page gets no transcript', async () => (await answers()).includes('own-origin'))
        if ((await answers()).includes('another-origin')) throw new Error('It answered another origin')
      },
    ],
    [
      'The page renews the ticket, and the screen stays',
      async () => {
        const frame = await visit.frame()
        const page = new URL(visit.page.url()).origin
        const renewals = async () =>
          (await commandsAt(frame)).filter(({ command }) => command.type === 'renew-ticket').length
        const [before, exchanged] = [await renewals(), visit.tickets.length]
        await frame.evaluate(([message, target]) => window.parent.postMessage(message, target), [
          {
            ...envelope,
            type: 'ticket-expiring',
            expiresAt: new Date(Date.now() + 60_000).toISOString(),
            expiresInMs: 60_000,
          },
          page,
        ] as const)
        await visit.until(
          'ticket-expiring was not answered by renew-ticket',
          async () => (await renewals()) > before,
        )
        await visit.until('The new ticket was not exchanged', () => visit.tickets.length > exchanged)
        const last = visit.requests.findLast((each) => new URL(each.url()).pathname === paths.embedExchange())
        const answer = await last?.response()
        if (!answer?.ok()) throw new Error(`The new ticket was answered by ${answer?.status() ?? 'nothing'}`)
        const ended = (await visit.events()).some(({ type }) => type === 'ended')
        if (ended) throw new Error('The console ended')
      },
    ],
  ]
}

/** A frame beside the console, whose origin is "null". */
async function anotherFrame({ page }: Visit): Promise<Frame> {
  const attached = page.waitForEvent('frameattached')
  await page.evaluate(() => {
    const other = document.createElement('iframe')
    other.setAttribute('sandbox', 'allow-scripts')
    other.hidden = true
    document.body.append(other)
  })
  return attached
}

function quiet(visit: Visit): Check[] {
  return [
    [
      'No errors in the browser’s console',
      () => {
        const [first] = visit.complaints
        if (first) throw new Error(first)
      },
    ],
  ]
}
