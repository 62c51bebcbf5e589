import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import { browserWithoutThirdPartyCookies } from './browser.ts'
import { checkPortal } from './checks.ts'
import type { Portal } from './visit.ts'

const usage = `
  npm run conformance -- --page https://portal.example/servers/42 [options]

  --page      the address of a page of yours with a console
  --console   the console's origin, where the page has several frames
  --click     what to click before the console is there, e.g. "text=Open console"
  --cookie    name=value, for your page; may be repeated
  --header    "Name: value", for your page's origin; may be repeated
  --timeout   seconds that anything may take, 20 if not given
`

const origin = z.string().check(z.refine((value) => URL.canParse(value) && new URL(value).origin === value))
const Options = z.object({
  page: z.url(),
  console: z.optional(origin),
  click: z.optional(z.string()),
  cookie: z._default(z.array(z.string().check(z.regex(/^[^=]+=/))), []),
  header: z._default(z.array(z.string().check(z.regex(/^[^:]+:/))), []),
  timeout: z._default(z.coerce.number().check(z.gte(1), z.lte(600)), 20),
})

function portalOf(args: readonly string[]): Portal {
  const { values } = parseArgs({
    args: [...args],
    options: {
      page: { type: 'string' },
      console: { type: 'string' },
      click: { type: 'string' },
      cookie: { type: 'string', multiple: true },
      header: { type: 'string', multiple: true },
      timeout: { type: 'string' },
    },
  })
  const options = z.parse(Options, values)
  return {
    page: options.page,
    console: options.console ?? null,
    click: options.click ?? null,
    cookies: options.cookie.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return { name, value: value.join('=') }
    }),
    headers: Object.fromEntries(
      options.header.map((line) => {
        const [name = '', ...value] = line.split(':')
        return [name.trim().toLowerCase(), value.join(':').trim()]
      }),
    ),
    timeoutMs: options.timeout * 1000,
  }
}

async function main(): Promise<number> {
  let portal: Portal
  try {
    portal = portalOf(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    return 2
  }
  const browser = await browserWithoutThirdPartyCookies()
  try {
    const results = await checkPortal(browser.context, portal)
    for (const { check, failure } of results)
      process.stdout.write(failure === null ? `ok    ${check}\n` : `FAIL  ${check}: ${failure}\n`)
    return results.every(({ failure }) => failure === null) ? 0 : 1
  } finally {
    await browser.close()
  }
}

process.exitCode = await main()
