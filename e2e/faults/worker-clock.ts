import type { Page } from '@playwright/test'

/** Puts the steady clock of the page's workers forward: a silence on the line need not be waited for. */
export async function skipInWorkers(page: Page, ms: number): Promise<void> {
  for (const worker of page.workers()) {
    await worker.evaluate((skipped) => {
      const now = performance.now.bind(performance)
      performance.now = () => now() + skipped
    }, ms)
  }
}
