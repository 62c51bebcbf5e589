import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { CloudHttp } from './http.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const request = { method: 'GET', url: new URL('http://cloud.test/'), headers: {}, body: '' } as const

it('leaves nothing of a call in memory, however many there are', async () => {
  const signals: WeakRef<AbortSignal>[] = []
  const http = new CloudHttp({
    fetch: async (_url, init) => {
      const { signal } = init ?? {}
      if (!signal) throw new Error('A call has a time limit.')
      // As a real fetch does.
      signal.addEventListener('abort', () => {})
      signals.push(new WeakRef(signal))
      return new Response('{}')
    },
  })
  for (let call = 0; call < 200; call++) await http.send(request, [])
  await new Promise((resolve) => setTimeout(resolve, 10))
  collectGarbage()
  const kept = signals.filter((signal) => signal.deref() !== undefined)
  expect(signals).toHaveLength(200)
  // The last ones may still be on the stack.
  expect(kept.length).toBeLessThan(5)
})

it('has any number of calls under way, and ends them all', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error) => void warnings.push(warning)
  process.on('warning', warned)
  const never: typeof fetch = (_url, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
  const http = new CloudHttp({ fetch: never })
  const calls = Array.from({ length: 100 }, () => http.send(request, []))
  http.close()
  const ends = await Promise.allSettled(calls)
  expect(ends.map(({ status }) => status)).toEqual(Array(100).fill('rejected'))
  // Node warns in a later turn.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', warned)
  expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
})

it('ends a call when it is closed, and when the time is up', async () => {
  const never: typeof fetch = (_url, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
  const slow = new CloudHttp({ fetch: never, timeoutMs: 10 })
  await expect(slow.send(request, [])).rejects.toMatchObject({ failure: { cause: 'cloud-timeout' } })
  const closed = new CloudHttp({ fetch: never })
  const call = closed.send(request, [])
  closed.close()
  await expect(call).rejects.toMatchObject({ failure: { cause: 'cloud-unreachable' } })
})
