import { once } from 'node:events'
import { expect, it } from 'vitest'
import { askedEvents, serveEvents } from './event-port.ts'

it('closes a recording that is not read to its end', async () => {
  const closed: string[] = []
  const { asking, close } = serveEvents(async function* (id) {
    try {
      for (;;) yield [[0, 'o', id]]
    } finally {
      closed.push(id)
    }
  })
  const ask = async (id: string) => {
    const told = once(asking, 'message')
    asking.postMessage({ id })
    return (await told)[0]
  }
  expect(await ask('one')).toEqual({ events: [[0, 'o', 'one']] })
  expect(await ask('one')).toEqual({ events: [[0, 'o', 'one']] })
  expect(await ask('two')).toEqual({ events: [[0, 'o', 'two']] })
  expect(closed).toEqual(['one'])
  const ended = once(asking, 'close')
  close()
  await ended
  expect(closed).toEqual(['one', 'two'])
})

it('tells of a recording that cannot be read to its end', async () => {
  const { asking, close } = serveEvents(async function* (id) {
    yield [[0, 'o', id]]
    throw Object.assign(new Error('broken'), { code: 'EIO' })
  })
  const events = askedEvents(asking, 'one')
  expect((await events.next()).value).toEqual([[0, 'o', 'one']])
  await expect(events.next()).rejects.toThrow('cannot be read to its end')
  close()
})
