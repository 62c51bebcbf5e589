import { defineConfig } from '@playwright/test'
import { headlessShell } from './e2e/chromium.ts'
import type { StackOptions } from './e2e/stack.ts'
import { isInstalled } from './src/testing/installed.ts'

const LONG = /\/(lab|dev)\.spec\.ts$/

/** What is tested through two replicas behind a balancer, too: `npm test` runs a part, `npm run test:replicas` the whole. */
const specs = {
  short: ['sharing', 'sign-in', 'sign-in-oidc', 'typing', 'in-use'],
  whole: [
    ...[
      'answers',
      'audit',
      'bytes',
      'console',
      'console-tools',
      'consoles',
      'encoding',
      'history',
      'hostile',
      'in-use',
    ],
    ...[
      'line-links',
      'marks',
      'openstack',
      'paste',
      'power',
      'recordings',
      'roles',
      'server-page',
      'sharing',
    ],
    ...['sign-in', 'sign-in-oidc', 'size', 'times', 'typing', 'views', 'watch'],
  ],
}
const throughReplicas = new RegExp(
  `/(${specs[process.env.REPLICAS === 'all' ? 'whole' : 'short'].join('|')})\\.spec\\.ts$`,
)
const replicasCanRun = isInstalled('redis-server') && isInstalled('haproxy')

export default defineConfig<StackOptions>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  fullyParallel: true,
  // Most of a test is waiting for a page, a line or a clock: more workers than cores use that time.
  workers: process.env.E2E_WORKERS ? Number(process.env.E2E_WORKERS) : 4,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only on its retry is printed as flaky; `npm run test:flaky` allows none.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? [['list'], ['./e2e/plain-reporter.ts']] : [['list']],
  // The long ones come first, beside the others: at the end they would run alone.
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'pages', testIgnore: LONG },
    ...(replicasCanRun
      ? [
          {
            name: 'replicas',
            testMatch: throughReplicas,
            // A direct line is between the browser and the gateway.
            grepInvert: /over direct|a direct line/,
            use: { replicas: 2 },
            // Both servers are in the test's process. One that stands still for 2 s gives its lines up, as it should.
            workers: 2,
          },
        ]
      : []),
  ],
  use: {
    // Tracing every test costs a fifth of the time.
    trace: 'on-first-retry',
    viewport: { width: 1440, height: 900 },
    // A blinking cursor keeps the browser drawing frames, which costs each test a share of a core.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(headlessShell ? { executablePath: headlessShell } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        // On a busy machine the watchdog takes a slow process for one that hangs, and the page stops drawing.
        '--disable-gpu-watchdog',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
