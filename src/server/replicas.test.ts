import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { paths } from '../shared/api.ts'
import { ServerActivity } from '../shared/server-activity.ts'
import { bootOf } from '../shared/session-id.ts'
import { isInstalled } from '../testing/installed.ts'
import { startReplicas } from '../testing/replicas/servers.ts'
import { joinAt, ticketAt } from '../testing/replicas/viewer.ts'

const patient = { timeout: 10_000 }

describe.skipIf(!isInstalled('redis-server'))('two replicas', () => {
  it('are one server to all who come to a line', async () => {
    const { servers, calls } = await startReplicas(2)
    const [a, b] = servers
    if (!a || !b) throw new Error('there are two')
    const first = await ticketAt(a.origin)
    const second = await ticketAt(b.origin)
    // One line, which replica A has.
    expect(second.session).toBe(first.session)
    const owner = await joinAt(a.origin, first, 'client-of-the-first')
    const guest = await joinAt(b.origin, second, 'client-of-the-second')
    await expect.poll(() => owner.said('state').at(-1)?.gateway, patient).toBe('open')
    expect(guest.said('hello')[0]?.session).toBe(first.session)
    expect(calls.filter((call) => call === 'gateway')).toHaveLength(1)

    // Keys of one who came by the other replica: they get receipts, and all see the same.
    guest.send({ type: 'take' })
    const writers = () =>
      guest
        .said('viewers')
        .at(-1)
        ?.viewers.filter(({ role }) => role === 'writer')
    await expect.poll(() => writers()?.map(({ id }) => id), patient).toEqual([guest.said('hello')[0]?.you])
    guest.typed('reboot\r')
    await expect.poll(() => guest.said('taken').at(-1)?.upTo, patient).toBe(7)
    await expect.poll(() => [owner.output, guest.output], patient).toEqual(['reboot\r', 'reboot\r'])

    // It works the other way round, too.
    const third = await ticketAt(b.origin, 'server-2')
    const fourth = await ticketAt(a.origin, 'server-2')
    expect(fourth.session).toBe(third.session)
    expect(bootOf(third.session)).not.toBe(bootOf(first.session))
  })

  it('answer who comes to both at once with one line', async () => {
    const { servers, calls } = await startReplicas(2)
    const tickets = await Promise.all([...servers, ...servers].map(({ origin }) => ticketAt(origin)))
    expect(new Set(tickets.map(({ session }) => session)).size).toBe(1)
    // The cloud was asked for one link.
    expect(calls).toEqual(['console'])
  })

  it('pass a refusal on as it is, and let a page come back when the one in between ends', async () => {
    const { servers } = await startReplicas(2)
    const [a, b] = servers
    if (!a || !b) throw new Error('there are two')
    const first = await ticketAt(a.origin)
    const refused = await joinAt(
      b.origin,
      { ...first, ticket: 'x'.repeat(first.ticket.length) },
      'client-of-a-guess',
    )
    await expect.poll(() => refused.said('closing')[0]?.failure.cause, patient).toBe('ticket-refused')
    const guest = await joinAt(b.origin, await ticketAt(b.origin), 'client-of-the-second')
    const owner = await joinAt(a.origin, await ticketAt(a.origin), 'client-of-the-first')
    const closed = once(guest.socket, 'close')
    await b.app.close()
    await closed
    // It is told by the owner, and only who came by the one that ends.
    expect(guest.said('closing')[0]?.failure).toEqual({ cause: 'proxy-restarting', spreadMs: 10 })
    expect(owner.said('closing')).toEqual([])
    const back = await joinAt(a.origin, await ticketAt(a.origin), 'client-of-the-second')
    expect(back.said('hello')[0]?.session).toBe(first.session)
  })

  it('count a request once, and know each other’s clients by their own address', async () => {
    const env = { BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1', BMS_CONSOLE_ISSUES_PER_MINUTE: '2' }
    const { servers } = await startReplicas(2, [env, env])
    const [a, b] = servers
    if (!a || !b) throw new Error('there are two')
    const from = (origin: string, address: string) =>
      fetch(origin + paths.issueConsole('server-1'), {
        method: 'POST',
        headers: { origin, 'x-forwarded-for': address, 'x-forwarded-user': 'ada' },
      })
    expect((await from(a.origin, '192.0.2.1')).status).toBe(200)
    // It is forwarded, and both replicas see it.
    expect((await from(b.origin, '192.0.2.1')).status).toBe(200)
    const third = await from(b.origin, '192.0.2.1')
    expect(third.status).toBe(429)
    expect((await from(b.origin, '192.0.2.2')).status).toBe(200)
  })

  it('give a line on in the name of those who are signed in, where the cloud knows each', async () => {
    const env = {
      BMS_CONSOLE_SIGN_IN: 'iam',
      BMS_CONSOLE_SECRET: 'a secret of the tests, long enough to be one',
    }
    const { servers, calls } = await startReplicas(2, [env, env])
    const [a, b] = servers
    if (!a || !b) throw new Error('there are two')
    const signIn = await fetch(a.origin + paths.signInIam(), {
      method: 'POST',
      headers: { origin: a.origin, 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'password', domain: 'acme', user: 'ann', password: 'right' }),
    })
    const [cookie = ''] = signIn.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
    const issued = await ticketAt(a.origin, 'server-1', { cookie })
    const page = await joinAt(a.origin, issued, 'client-of-the-user', { cookie })
    await expect.poll(() => page.said('state').at(-1)?.gateway, patient).toBe('open')
    page.typed('kept')
    await expect.poll(() => page.output, patient).toBe('kept')
    const connections = () => calls.filter((call) => call === 'gateway').length
    expect(connections()).toBe(1)

    // No page has come back yet.
    await a.app.close()
    await expect.poll(connections, patient).toBe(2)
    const next = await ticketAt(b.origin, 'server-1', { cookie })
    const back = await joinAt(b.origin, next, 'client-of-the-user', { cookie })
    await expect.poll(() => back.output, patient).toBe('kept')
    expect(connections()).toBe(2)
    for (const { log, audit } of servers)
      expect(log.join('') + JSON.stringify(audit.events)).not.toContain('token of ann')
  })

  it('tell of a line that one of them holds with nobody there', async () => {
    const env = { BMS_CONSOLE_WATCH: 'all' }
    const { servers, calls } = await startReplicas(2, [env, env])
    await expect.poll(() => calls.filter((call) => call === 'gateway').length, patient).toBe(1)
    for (const { origin } of servers) {
      const answer = await fetch(origin + paths.activity('id'))
      expect(ServerActivity.parse(await answer.json()).open).toMatchObject({ watched: true, viewers: [] })
    }
  })

  it('show their internal routes to nobody else', async () => {
    const { servers } = await startReplicas(1)
    const [a] = servers
    if (!a) throw new Error('there is one')
    const answer = await fetch(`${a.origin}/internal/adopt`, {
      method: 'POST',
      headers: { origin: a.origin },
    })
    expect(answer.status).toBe(404)
  })
})
