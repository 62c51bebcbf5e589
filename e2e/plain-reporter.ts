import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter'

/** Ends a run with the tests that passed only on a retry, and one plain line that any CI can read. */
export default class PlainReporter implements Reporter {
  #suite: Suite | undefined

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite
  }

  onEnd(): void {
    const tests = this.#suite?.allTests() ?? []
    for (const test of tests) {
      if (test.outcome() === 'flaky') console.log(`flaky: ${test.titlePath().filter(Boolean).join(' › ')}`)
    }
    const count = (...statuses: string[]) => tests.filter((test) => statuses.includes(statusOf(test))).length
    console.log(
      `${count('passed')} passed, ${count('failed', 'timedOut', 'interrupted')} failed, ${count('skipped')} skipped`,
    )
  }
}

/** That of the last try; a test that never began counts as none. */
const statusOf = (test: TestCase) => test.results.at(-1)?.status ?? 'none'
