import { describe, expect, it } from 'vitest'
import { JobQueue } from './job-queue.ts'

/** A search that ends when the test says so. */
function search(name: string, log: string[]) {
  const { promise, resolve, reject } = deferred<string>()
  const work = () => {
    log.push(`${name} begins`)
    return promise.finally(() => log.push(`${name} ends`))
  }
  return { work, finish: () => resolve(name), fail: (error: Error) => reject(error) }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

const here = () => new AbortController().signal
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the queue of searches', () => {
  it('runs one at a time, in the order in which they were asked for', async () => {
    const log: string[] = []
    const queue = new JobQueue(1, 10)
    const [first, second, third] = ['first', 'second', 'third'].map((name) => search(name, log))
    if (!first || !second || !third) throw new Error('Three searches were made.')
    const results = [first, second, third].map(({ work }) => queue.run(here(), work))
    third.finish()
    second.finish()
    await settle()
    expect(log).toEqual(['first begins'])
    first.finish()
    expect(await Promise.all(results)).toEqual(['first', 'second', 'third'])
    expect(log).toEqual([
      'first begins',
      'first ends',
      'second begins',
      'second ends',
      'third begins',
      'third ends',
    ])
  })

  it('goes on after a search that failed, and passes its error to the reader who asked', async () => {
    const log: string[] = []
    const queue = new JobQueue(1, 10)
    const [bad, good] = [search('bad', log), search('good', log)]
    const failed = queue.run(here(), bad.work)
    const done = queue.run(here(), good.work)
    bad.fail(new Error('no such file'))
    good.finish()
    await expect(failed).rejects.toThrow('no such file')
    expect(await done).toBe('good')
  })

  it('skips a search whose reader left, and hides the error of one that left meanwhile', async () => {
    const log: string[] = []
    const queue = new JobQueue(1, 10)
    const [running, waiting, last] = ['running', 'waiting', 'last'].map((name) => search(name, log))
    if (!running || !waiting || !last) throw new Error('Three searches were made.')
    const [leaving, left] = [new AbortController(), new AbortController()]
    const results = [
      queue.run(leaving.signal, running.work),
      queue.run(left.signal, waiting.work),
      queue.run(here(), last.work),
    ]
    await settle()
    left.abort()
    leaving.abort()
    running.fail(new Error('aborted'))
    last.finish()
    expect(await Promise.all(results)).toEqual([null, null, 'last'])
    expect(log).toEqual(['running begins', 'running ends', 'last begins', 'last ends'])
  })
})
