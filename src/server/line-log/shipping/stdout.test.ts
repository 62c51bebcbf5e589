import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { Lifetime } from '../../deadline.ts'
import type { Entry } from './entry.ts'
import { Stdout } from './stdout.ts'

const entry = (text: string): Entry => ({
  line: { server: { id: 'a', name: 'db-1' }, project: { id: 'p1', name: null } },
  type: 'line',
  text,
  time: Date.UTC(2026, 0, 1),
  nth: 0,
})
const failure = (code: string) => Object.assign(new Error(code), { code })

it('gets JSON lines that say what they are', async () => {
  const written: Buffer[] = []
  const stdout = new Stdout(
    new ManualClock(),
    async (bytes) => written.push(Buffer.from(bytes)) && bytes.length,
  )
  expect(await stdout.send([entry('a "b"')], new Lifetime())).toEqual({ kind: 'taken' })
  expect(Buffer.concat(written).toString()).toBe(
    '{"log":"line","type":"line","time":"2026-01-01T00:00:00.000Z","server":{"id":"a","name":"db-1"},"project":{"id":"p1","name":null},"text":"a \\"b\\""}\n',
  )
})

it('gets whole lines, in pieces that nothing can come between', async () => {
  const written: string[] = []
  const stdout = new Stdout(new ManualClock(), async (bytes) => {
    written.push(bytes.toString())
    return bytes.length
  })
  const batch = Array.from({ length: 200 }, (_, index) => entry('x'.repeat(index * 30)))
  await stdout.send(batch, new Lifetime())
  expect(written.join('').split('\n')).toHaveLength(201)
  for (const piece of written) {
    expect(piece.endsWith('\n')).toBe(true)
    if (piece.length > 4096) expect(piece.indexOf('\n')).toBe(piece.length - 1)
  }
  expect(written.length).toBeLessThan(190)
})

it('is waited for while it is full, goes on where it was, and may be closed', async () => {
  const clock = new ManualClock()
  const answers: (number | string)[] = [10, 'EAGAIN', 'all', 'EPIPE']
  let full = () => {}
  const wasFull = new Promise<void>((resolve) => {
    full = resolve
  })
  let written = ''
  const stdout = new Stdout(clock, async (bytes) => {
    const answer = answers.shift()
    if (answer === 'EAGAIN') setImmediate(full)
    if (answer !== 'all' && typeof answer === 'string') throw failure(answer)
    const count = typeof answer === 'number' ? answer : bytes.length
    written += bytes.subarray(0, count).toString()
    return count
  })
  const sent = stdout.send([entry('one')], new Lifetime())
  await wasFull
  clock.advance(50)
  expect(await sent).toEqual({ kind: 'taken' })
  expect(JSON.parse(written)).toMatchObject({ text: 'one' })
  expect(await stdout.send([entry('two')], new Lifetime())).toEqual({ kind: 'refused', why: 'EPIPE' })
})
