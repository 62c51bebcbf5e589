import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Ends a run with one plain line, `N passed, N failed, N skipped`, which any CI can read. */
export default class PlainReporter implements Reporter {
  readonly #outcomes = new Map<string, TestResult['status']>()

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#outcomes.set(test.id, result.status)
  }

  onEnd(): void {
    const statuses = [...this.#outcomes.values()]
    const count = (...wanted: TestResult['status'][]) =>
      statuses.filter((status) => wanted.includes(status)).length
    console.log(
      `${count('passed')} passed, ${count('failed', 'timedOut', 'interrupted')} failed, ${count('skipped')} skipped`,
    )
  }
}
