import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { startLoki } from '../../../testing/loki.ts'
import { Lifetime } from '../../deadline.ts'
import type { Entry } from './entry.ts'
import { Loki } from './loki.ts'

let double: Awaited<ReturnType<typeof startLoki>>
beforeEach(async () => {
  double = await startLoki()
})
afterEach(() => double.close())

const entry = (change: Partial<Entry> = {}): Entry => ({
  line: { server: { id: 'a', name: 'db-1' }, project: { id: 'p1', name: 'eu-de_lab' } },
  type: 'line',
  text: 'booting',
  time: Date.UTC(2026, 0, 1),
  nth: 0,
  ...change,
})
const clock = new ManualClock()
const open = (more: { token?: string; tenant?: string } = {}) =>
  new Loki(
    { to: 'loki', url: double.url, token: more.token ?? null, tenant: more.tenant ?? null },
    clock,
    fetch,
  )
const send = (loki: Loki, ...batch: Entry[]) => loki.send(batch, new Lifetime())

it('gets a stream for each server, with its labels and times in nanoseconds', async () => {
  const other = { server: { id: 'b', name: 'db-2' }, project: null }
  const batch = [
    entry(),
    entry({ line: other, text: 'ü' }),
    entry({ type: 'mark', text: 'The machine began to boot.', nth: 12 }),
  ]
  expect(await send(open(), ...batch)).toEqual({ kind: 'taken' })
  expect(double.pushes[0]?.streams).toEqual([
    {
      stream: { job: 'bms-console', server_id: 'a', server_name: 'db-1', project: 'eu-de_lab' },
      values: [
        ['1767225600000000000', 'booting'],
        ['1767225600000000012', '[BMS Console] The machine began to boot.'],
      ],
    },
    {
      stream: { job: 'bms-console', server_id: 'b', server_name: 'db-2' },
      values: [['1767225600000000000', 'ü']],
    },
  ])
})

it('gets the tenant, and the token as a bearer or as a name and a password', async () => {
  await send(open(), entry())
  await send(open({ token: 'abc', tenant: 'ops' }), entry({ nth: 1 }))
  await send(open({ token: '12:abc' }), entry({ nth: 2 }))
  const sent = double.pushes.map(({ headers }) => [headers.authorization, headers['x-scope-orgid']])
  expect(sent).toEqual([
    [undefined, undefined],
    ['Bearer abc', 'ops'],
    ['Basic MTI6YWJj', undefined],
  ])
})

it('is asked again later, unless the batch itself is wrong', async () => {
  const outcomes: Record<number, string> = {}
  for (const status of [200, 204, 302, 400, 401, 404, 413, 422, 429, 500, 503]) {
    double.answers.push(status)
    outcomes[status] = (await send(open(), entry({ nth: status }))).kind
  }
  expect(outcomes).toEqual({
    200: 'taken',
    204: 'taken',
    302: 'later',
    400: 'refused',
    401: 'later',
    404: 'later',
    413: 'refused',
    422: 'refused',
    429: 'later',
    500: 'later',
    503: 'later',
  })
})

it('has a double that refuses what Loki would: lines that are too long, times that do not grow, and a batch that was taken before', async () => {
  const refused = async (...batch: Entry[]) => (await send(open(), ...batch)).kind
  expect(await refused(entry({ text: 'ü'.repeat(200_000) }))).toBe('refused')
  expect(await refused(entry({ nth: 1 }), entry({ nth: 1 }))).toBe('refused')
  expect(await refused(entry())).toBe('taken')
  expect(await refused(entry())).toBe('refused')
})

it('is given up if it does not answer, or when the server ends', async () => {
  double.answers.push('none', 'none')
  const late = send(open(), entry())
  await double.pushed(1)
  clock.advance(10_000)
  expect(await late).toMatchObject({ kind: 'later', why: expect.stringContaining('did not answer in time') })
  const life = new Lifetime()
  const ended = open().send([entry()], life)
  await double.pushed(2)
  life.end()
  expect(await ended).toMatchObject({ kind: 'later' })
})

it('may be away', async () => {
  const loki = open({ token: 'secret' })
  await double.close()
  const outcome = await send(loki, entry())
  expect(outcome).toEqual({
    kind: 'later',
    why: expect.stringMatching(/^127\.0\.0\.1:\d+ refused the connection \(ECONNREFUSED\)\.$/),
  })
  double = await startLoki()
})
