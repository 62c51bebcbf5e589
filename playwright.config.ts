import { defineConfig } from '@playwright/test'
import { headlessShell } from './e2e/chromium.ts'
import type { StackOptions } from './e2e/stack.ts'

const LONG = /\/(lab|dev)\.spec\.ts$/

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
