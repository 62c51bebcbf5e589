import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import pino from 'pino'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { SANDBOX_SYSRQ_SEQUENCE } from '../src/sandbox/machines/machine.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/sandbox.ts'
import { openSandbox, type SandboxKind } from '../src/server/clouds/sandbox.ts'
import { type Config, parseConfig } from '../src/server/config.ts'
import { start } from '../src/server/start.ts'
import type { AuditEvent } from '../src/shared/audit.ts'
import { systemClock } from '../src/shared/clock.ts'
import { testAudit } from '../src/testing/audit.ts'
import { SkippingClock } from './clock.ts'
import { prepareReplicas } from './replicas.ts'

/** The whole product for one test: the sandbox cloud, the proxy with the built page, and what they logged. */
export interface Stack {
  origin: string
  /** The origin, with the path that the proxy is below */
  address: string
  sandbox: Sandbox
  /** The proxy's clock: a limit of minutes need not be waited for. */
  clock: SkippingClock
  /** Every line of the proxy's log. */
  log: string[]
  /** Every event of the audit logs, oldest first. */
  audit: readonly AuditEvent[]
}

export interface StackOptions {
  transport: 'auto' | 'direct' | 'relay'
  /** `service`: nobody signs in, unless `env` tells of a proxy. `iam`: with a user of the sandbox. */
  signInMode: 'service' | 'iam'
  /** Which of its clouds the sandbox is taken for. */
  sandboxCloud: SandboxKind
  /** How long a sign-in lasts without its user, ms: a variable says it in minutes. */
  signInIdleMs: number | null
  sandboxOptions: Partial<SandboxOptions>
  /** False: the gateway knows nothing of the page's origin, as when an operator forgot it. */
  originAllowed: boolean
  /** The gateway that the proxy trusts; null is the sandbox's own. */
  gateways: string | null
  cloudTimeoutMs: number
  /** Settings of the proxy besides those above, e.g. how one signs in. */
  env: NodeJS.ProcessEnv
  /** What no variable can say: limits of seconds. */
  consoleConfig: Partial<Config['console']>
  /** How many servers there are behind one balancer, with one store for all */
  replicas: number
}

const webRoot = fileURLToPath(new URL('../dist/web', import.meta.url))

export const test = base.extend<StackOptions & { stack: Stack }>({
  transport: ['direct', { option: true }],
  signInMode: ['service', { option: true }],
  sandboxCloud: ['huawei', { option: true }],
  signInIdleMs: [null, { option: true }],
  sandboxOptions: [{}, { option: true }],
  originAllowed: [true, { option: true }],
  gateways: [null, { option: true }],
  cloudTimeoutMs: [10_000, { option: true }],
  env: [{}, { option: true }],
  consoleConfig: [{}, { option: true }],
  replicas: [1, { option: true }],
  stack: async (
    {
      transport,
      signInMode,
      sandboxCloud,
      signInIdleMs,
      sandboxOptions,
      originAllowed,
      gateways,
      cloudTimeoutMs,
      env,
      consoleConfig,
      replicas,
    },
    use,
    testInfo,
  ) => {
    const allowedOrigins: string[] = []
    const sandbox = await startSandbox({ allowedOrigins, bootSpeed: 1_000, ...sandboxOptions })
    const several = replicas > 1 ? await prepareReplicas(replicas, env) : null
    const clock = new SkippingClock()
    const log: string[] = []
    const audit: AuditEvent[] = []
    const closes: (() => Promise<void>)[] = []
    const ports: number[] = []
    let basePath = ''
    for (const shared of several?.envs ?? [{}]) {
      const parsed = parseConfig({
        BMS_CONSOLE_PORT: '0',
        BMS_CONSOLE_TRANSPORT: transport,
        BMS_CONSOLE_SIGN_IN: signInMode,
        BMS_CONSOLE_LOG_LEVEL: 'debug',
        // The test runs in the same process, and may keep it busy.
        BMS_CONSOLE_OVERLOAD_DELAY: '60000',
        ...ownFolders(env, ports.length),
        ...shared,
      })
      const config: Config = {
        ...parsed,
        console: { ...parsed.console, ...consoleConfig },
        signIn: withIdle(parsed.signIn, signInIdleMs),
      }
      basePath = config.basePath
      const { port, close } = await start({
        config,
        cloud: {
          ...openSandbox(sandbox, sandboxCloud, cloudTimeoutMs),
          cloudName: 'Sandbox',
          gateways: [gateways ?? sandbox.gatewayHost],
          sysrqSequence: SANDBOX_SYSRQ_SEQUENCE,
          notes: [],
          // The others still need it.
          stop: async () => {},
        },
        ...(env.BMS_CONSOLE_AUDIT ? {} : { audit: testAudit(systemClock, audit) }),
        logger: pino({ level: config.log.level }, { write: (line: string) => void log.push(line) }),
        clock,
        version: '0.0.0-e2e',
        webRoot,
      })
      ports.push(port)
      closes.push(close)
    }
    await several?.balance(ports)
    const origin = several?.origin ?? `http://127.0.0.1:${ports[0]}`
    if (originAllowed) allowedOrigins.push(origin)
    await use({ origin, address: origin + basePath, sandbox, clock, log, audit })
    if (testInfo.status !== testInfo.expectedStatus)
      await writeFile(testInfo.outputPath('server.log'), log.join(''))
    for (const close of closes) await close()
    await sandbox.close()
    await several?.stop()
  },
  // The screen reader's tree is what a test reads, as a screen reader does.
  context: async ({ context }, use) => {
    await readByScreenReader(context)
    await use(context)
  },
  // Paths in tests are of the stack that the test started.
  baseURL: async ({ stack }, use) => use(stack.origin),
})

export { expect }

function withIdle(signIn: Config['signIn'], idleMs: number | null): Config['signIn'] {
  return signIn.mode === 'service' || idleMs === null ? signIn : { ...signIn, idleMs }
}

async function readByScreenReader(context: BrowserContext): Promise<void> {
  await context.addInitScript(() =>
    localStorage.setItem('bms-console.settings', JSON.stringify({ screenReader: true })),
  )
}

/** Replicas share neither a folder nor an audit log. @param replica the first one has them as they are given */
function ownFolders(env: NodeJS.ProcessEnv, replica: number): NodeJS.ProcessEnv {
  if (replica === 0) return env
  const folders = Object.entries(env).filter(([name, value]) => /_(DIR|AUDIT_FILE)$/.test(name) && value)
  return { ...env, ...Object.fromEntries(folders.map(([name, value]) => [name, `${value}-${replica + 1}`])) }
}

/** Another person, at a browser of their own. */
export async function anotherPerson(browser: Browser, { origin }: Stack): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: origin })
  await readByScreenReader(context)
  return context
}

/** What the terminal shows, as a person reads it: its visible rows. */
export async function screen(page: Page): Promise<string> {
  return page.evaluate(() => {
    const rows = document.querySelectorAll('.xterm-accessibility-tree [role="listitem"]')
    return [...rows].map((row) => row.textContent ?? '').join('\n')
  })
}

/** A screen is read often: what a test waits for comes within a few frames. */
export const intervals = [20, 50, 100]

/** Waits until the terminal shows the text. */
export async function seeOnScreen(page: Page, text: string | RegExp, timeout = 20_000): Promise<void> {
  await expect.poll(() => screen(page), { timeout, intervals }).toMatch(text)
}

/** The shell of web-fra-01 */
export const prompt = /root@web-fra-01/
export const terminalInput = (page: Page) => page.getByRole('textbox', { name: 'Terminal input' })

/** The id of a server of the sandbox. */
export function serverId(name: string): string {
  const found = defaultFleet().find((server) => server.name === name)
  if (!found) throw new Error(`no server ${name}`)
  return found.id
}

/** The address of a server's console. */
export const consoleOf = (name: string) => `/servers/${serverId(name)}/console`

/** Opens the console of web-fra-01, until it shows the text. */
export async function watch(page: Page, text: RegExp): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, text)
}

/** Opens the console of web-fra-01 and logs in to a shell. */
export async function logIn(page: Page): Promise<void> {
  await watch(page, /login:/)
  await typeLogin(page)
}

/** At the login prompt of web-fra-01, where the terminal has the focus. */
export async function typeLogin(page: Page): Promise<void> {
  await page.keyboard.type('root\nsandbox\n')
  await seeOnScreen(page, prompt)
}
