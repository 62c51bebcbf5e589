import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { Caller } from '../outbound/caller.ts'
import { CloudHttp } from './http.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const request = { method: 'GET', url: new URL('http://cloud.test/'), headers: {}, body: '' } as const

it('leaves nothing of a call in memory, however many there are', async () => {
  const signals: WeakRef<AbortSignal>[] = []
  const http = new CloudHttp({
    caller: async ({ signal }) => {
      // As the real one does.
      signal.addEventListener('abort', () => {})
      signals.push(new WeakRef(signal))
      return { status: 200, headers: new Headers(), bytes: Buffer.from('{}') }
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
  const never: Caller = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const http = new CloudHttp({ caller: never })
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
  const never: Caller = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const slow = new CloudHttp({ caller: never, timeoutMs: 10 })
  await expect(slow.send(request, [])).rejects.toMatchObject({ failure: { cause: 'cloud-timeout' } })
  const closed = new CloudHttp({ caller: never })
  const call = closed.send(request, [])
  closed.close()
  await expect(call).rejects.toMatchObject({ failure: { cause: 'cloud-unreachable' } })
})
