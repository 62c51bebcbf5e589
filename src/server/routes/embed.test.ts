import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ApiError, IssuedConsole, paths, ServerList } from '../../shared/api.ts'
import { EmbedGrant } from '../../shared/embed.ts'
import { BEARER_SUBPROTOCOL, RELAY_SUBPROTOCOL } from '../../shared/relay-protocol.ts'
import { testApp } from '../../testing/app.ts'
import { startEmbedded } from '../../testing/embed/embedded.ts'
import { CONSOLE, claims, hs256, jws, PORTAL, SECRET } from '../../testing/embed/portal.ts'

const MINUTE = 60_000
const errorOf = (response: { json: () => unknown }) => ApiError.parse(response.json()).error
const statusAndCause = (response: { statusCode: number; json: () => unknown }) => [
  response.statusCode,
  errorOf(response).cause,
]

describe('a launch ticket', () => {
  it('is exchanged for a bearer, without a cookie, and told to the audit log', async () => {
    const { exchange, ticket, audit } = await startEmbedded()
    const response = await exchange(ticket({ theme: 'light', language: 'de' }))
    expect(response.statusCode).toBe(200)
    expect(EmbedGrant.parse(response.json())).toEqual({
      bearer: expect.stringMatching(/^[\w-]{43}$/),
      expiresInMs: 15 * MINUTE,
      server: 'linux-1',
      user: { name: 'ada', role: 'operator' },
      theme: 'light',
      language: 'de',
    })
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(response.headers['cache-control']).toBe('no-store')
    expect(audit.events).toMatchObject([
      {
        action: 'sign-in',
        outcome: 'done',
        user: { id: 'embed:portal#u-17', name: 'ada' },
        server: { id: 'linux-1' },
        detail: 'embed',
      },
    ])
  })

  it('that is refused says why, here and in the audit log', async () => {
    const { exchange, ticket, audit } = await startEmbedded()
    const response = await exchange(ticket({ aud: 'https://other.test' }))
    expect(statusAndCause(response)).toEqual([401, 'launch-refused'])
    expect(errorOf(response).detail).toContain('is https://other.test; expected https://console.test')
    expect(audit.events).toMatchObject([
      { action: 'sign-in', outcome: 'refused', cause: 'launch-refused', user: null },
    ])
    expect(audit.events[0]?.detail).toMatch(/^embed: The ticket's audience/)
  })

  it('is refused played back, at once and later, and when it is too large to be one', async () => {
    const { exchange, ticket } = await startEmbedded()
    const launch = ticket()
    const all = await Promise.all([exchange(launch), exchange(launch), exchange(launch)])
    expect(all.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401])
    expect(errorOf(await exchange(launch)).detail).toContain('already used')
    expect(statusAndCause(await exchange('A'.repeat(8_193)))).toEqual([400, 'bad-request'])
    expect(statusAndCause(await exchange(''))).toEqual([400, 'bad-request'])
  })

  it('is not taken from another site’s page, where it stays good', async () => {
    const { exchange, ticket } = await startEmbedded()
    const launch = ticket()
    for (const origin of [PORTAL, 'https://evil.test', 'null', 'https://console.test.evil.test'])
      expect(statusAndCause(await exchange(launch, null, { origin }))).toEqual([403, 'no-permission'])
    expect((await exchange(launch)).statusCode).toBe(200)
  })

  it('is exchanged so often from one network, and from another one still', async () => {
    const { exchange, ticket } = await startEmbedded({ BMS_CONSOLE_ISSUES_PER_MINUTE: '3' })
    const codes = []
    for (let i = 0; i < 5; i++) codes.push((await exchange('no ticket')).statusCode)
    expect(codes).toEqual([401, 401, 401, 429, 429])
    const { app } = await startEmbedded({
      BMS_CONSOLE_ISSUES_PER_MINUTE: '1',
      BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1',
    })
    const from = (address: string) =>
      app.inject({
        method: 'POST',
        url: paths.embedExchange(),
        headers: { host: 'console.test', origin: CONSOLE, 'x-forwarded-for': address },
        payload: { ticket: ticket() },
      })
    const answers = [await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8:1::1')]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 429, 200])
  })

  it('is refused where embedding is off, by a name that an operator knows', async () => {
    const { ticket } = await startEmbedded()
    const { app } = await testApp({
      env: { BMS_CONSOLE_PUBLIC_ORIGINS: CONSOLE, BMS_CONSOLE_AUDIT: 'off' },
    })
    const headers = { host: 'console.test', origin: CONSOLE }
    const payload = { ticket: ticket() }
    const response = await app.inject({ method: 'POST', url: paths.embedExchange(), headers, payload })
    expect(statusAndCause(response)).toEqual([404, 'embed-off'])
    expect(errorOf(response).detail).toContain('BMS_CONSOLE_EMBED_ORIGINS')
    const check = await app.inject({ url: paths.embedCheck(), headers: { ...headers, origin: PORTAL } })
    expect(check.json()).toEqual({ enabled: false, allowed: false })
  })
})

describe('a bearer', () => {
  it('is its grant’s and nobody else’s: neither a cookie nor the local user counts beside it', async () => {
    const { ask, grant } = await startEmbedded()
    const { bearer } = await grant()
    const stateOf = async (who: string | null, more = {}) =>
      (await ask(who, paths.signIn(), 'GET', undefined, more)).json()
    const ada = {
      state: 'signed-in',
      user: { name: 'ada', role: 'operator' },
      maySignOut: false,
      projects: null,
    }
    expect(await stateOf(bearer)).toEqual(ada)
    expect(await stateOf(bearer, { cookie: '__Host-bms-console=x' })).toEqual(ada)
    expect(await stateOf(null)).toMatchObject({ user: { name: 'Local user', role: 'admin' } })
    for (const wrong of [
      '',
      'x',
      `${bearer}x`,
      bearer.slice(1),
      bearer.toLowerCase(),
      `${bearer}, ${bearer}`,
    ]) {
      expect(statusAndCause(await ask(wrong, paths.servers()))).toEqual([401, 'sign-in-needed'])
      expect(await stateOf(wrong)).toMatchObject({ state: 'signed-out' })
    }
    const both = { 'sec-websocket-protocol': `${BEARER_SUBPROTOCOL}${bearer}` }
    expect(statusAndCause(await ask(bearer, paths.servers(), 'GET', undefined, both))).toEqual([
      401,
      'sign-in-needed',
    ])
  })

  it('reaches one server: in the list, by its name, and also when another’s line is held already', async () => {
    const { ask, grant, issue, cloud } = await startEmbedded()
    const { bearer } = await grant()
    await issue(null, 'linux-2')
    const list = ServerList.parse((await ask(bearer, paths.servers())).json())
    expect(list.servers.map(({ id }) => id)).toEqual(['linux-1'])
    expect((await ask(bearer, paths.server('linux-1'))).statusCode).toBe(200)
    expect((await ask(bearer, paths.power('linux-1'), 'POST', { action: 'power-off' })).statusCode).toBe(202)
    cloud.getServer.mockClear()
    for (const response of [
      await ask(bearer, paths.server('linux-2')),
      await ask(bearer, paths.issueConsole('linux-2'), 'POST'),
      await ask(bearer, paths.power('linux-2'), 'POST', { action: 'power-off' }),
    ])
      expect(statusAndCause(response)).toEqual([404, 'server-not-found'])
    expect(cloud.getServer).not.toHaveBeenCalled()
    expect(cloud.power.mock.calls).toEqual([['linux-1', 'power-off']])
    expect(cloud.listServers).not.toHaveBeenCalled()
  })

  it.each([
    ['operator', ['list', 'open', 'power', 'signed-in']],
    ['viewer', ['list', 'open', 'signed-in']],
  ])('of an %s has of the API what one console needs', async (role, expected) => {
    const { app, ask, grant } = await startEmbedded({
      BMS_CONSOLE_RECORDINGS: 'on-demand',
      BMS_CONSOLE_RECORDINGS_DIR: mkdtempSync(join(tmpdir(), 'bms-console-embed-')),
    })
    const { bearer } = await grant({ role })
    const reached = new Set<string>()
    for (const [route, access] of app.accessTable) {
      const [method = '', url = ''] = route.split(' ')
      if (access === 'anyone' || !['GET', 'POST', 'DELETE'].includes(method)) continue
      const path = url.replace(/:id|:session/, 'linux-1').replace('*', 'index.html')
      const response = await ask(bearer, path, method as 'GET' | 'POST' | 'DELETE')
      const forbidden = response.statusCode === 403 && errorOf(response).cause === 'role-forbids'
      if (!forbidden) reached.add(access)
    }
    expect([...reached].sort()).toEqual(expected)
    const recordings = await ask(bearer, paths.recordings({}))
    expect(statusAndCause(recordings)).toEqual([403, 'role-forbids'])
    if (role === 'operator') expect(errorOf(recordings).detail).toContain('An embedded console does not')
  })

  it('signs nobody out but itself, whatever it asks for', async () => {
    const { ask, grant, audit } = await startEmbedded()
    const [first, second] = [await grant(), await grant()]
    const answer = await ask(first.bearer, paths.signOut(), 'POST', { everywhere: true })
    expect(answer.json()).toEqual({ continueAt: null })
    expect(audit.events.at(-1)).toMatchObject({ action: 'sign-out', user: { name: 'ada' } })
    expect((await ask(first.bearer, paths.servers())).statusCode).toBe(401)
    expect((await ask(second.bearer, paths.servers())).statusCode).toBe(200)
    expect((await ask('x', paths.signOut(), 'POST', { everywhere: true })).statusCode).toBe(200)
    expect((await ask(second.bearer, paths.servers())).statusCode).toBe(200)
  })

  it('opens a direct console where its role may type', async () => {
    const { ask, grant } = await startEmbedded({ BMS_CONSOLE_TRANSPORT: 'direct' })
    const asked = async (role: string) =>
      ask((await grant({ role })).bearer, paths.issueConsole('linux-1'), 'POST')
    expect(IssuedConsole.parse((await asked('operator')).json()).transport).toBe('direct')
    expect(statusAndCause(await asked('viewer'))).toEqual([403, 'role-forbids'])
  })
})

describe('a bearer over the relay', () => {
  const offer = (bearer: string) => [RELAY_SUBPROTOCOL, `${BEARER_SUBPROTOCOL}${bearer}`]

  it('is offered as a subprotocol that the answer does not repeat', async () => {
    const { grant, issue, come } = await startEmbedded()
    const { bearer } = await grant()
    const { viewer, received } = await come(bearer, await issue(bearer))
    expect(viewer.protocol).toBe(RELAY_SUBPROTOCOL)
    expect(await received('hello')).toMatchObject({ may: { write: true, record: true, end: false } })
    expect(await received('viewers')).toMatchObject({ viewers: [{ name: 'ada', role: 'writer' }] })
  })

  it('of a viewer watches', async () => {
    const { grant, issue, come } = await startEmbedded()
    const { bearer } = await grant({ role: 'viewer' })
    const { received } = await come(bearer, await issue(bearer))
    expect(await received('hello')).toMatchObject({ may: { write: false, record: false, end: false } })
  })

  it('must be good, the only one, and beside the protocol that is spoken', async () => {
    const { grant, issue, refusal } = await startEmbedded()
    const { bearer } = await grant()
    const { session } = await issue(bearer)
    expect(await refusal(session, offer('A'.repeat(43)))).toBe(401)
    expect(await refusal(session, [...offer(bearer), `${BEARER_SUBPROTOCOL}x`])).toBe(401)
    expect(await refusal(session, offer(bearer), { authorization: `Bearer ${bearer}` })).toBe(401)
    expect(await refusal(session, [`${BEARER_SUBPROTOCOL}${bearer}`])).toBe(400)
    expect(await refusal(session, offer(bearer), { origin: PORTAL })).toBe(403)
  })

  it('does not join with the ticket of another grant, or another’s session', async () => {
    const { grant, issue, come } = await startEmbedded()
    const [ada, bob] = [await grant(), await grant({ sub: 'bob' })]
    const other = await issue(null, 'linux-2')
    const stolen = await come(bob.bearer, await issue(ada.bearer))
    expect(await stolen.received('closing')).toMatchObject({ failure: { cause: 'ticket-refused' } })
    const foreign = await come(bob.bearer, { ...(await issue(bob.bearer)), session: other.session })
    expect(await foreign.received('closing')).toMatchObject({ failure: { cause: 'ticket-refused' } })
  })

  it('is renewed while the console stays; the one before is good for requests under way only', async () => {
    const { ask, grant, issue, come, passes, exchange, audit } = await startEmbedded()
    const first = await grant()
    const { viewer, received } = await come(first.bearer, await issue(first.bearer))
    await received('hello')
    passes(14 * MINUTE)
    const second = await grant({ name: 'Ada L.', theme: 'dark' }, first.bearer)
    expect(second).toMatchObject({ expiresInMs: 15 * MINUTE, theme: 'dark' })
    expect(second.bearer).not.toBe(first.bearer)
    expect(audit.events.at(-1)).toMatchObject({ action: 'sign-in', detail: 'embed, renewed' })
    expect((await ask(first.bearer, paths.servers())).statusCode).toBe(200)
    passes(MINUTE / 2)
    expect((await ask(first.bearer, paths.servers())).statusCode).toBe(401)
    passes(14 * MINUTE)
    expect((await ask(second.bearer, paths.signIn())).json()).toMatchObject({ user: { name: 'Ada L.' } })
    // Some other exchange, by which limits are looked at.
    await exchange('no ticket')
    expect(viewer.readyState).toBe(WebSocket.OPEN)
  })

  it('is renewed for the same user, server and role only, and not once it is over', async () => {
    const { grant, ticket, exchange, passes, ask } = await startEmbedded()
    const { bearer } = await grant()
    const wrong = { sub: 'bob', server: 'linux-2', role: 'viewer' }
    for (const [claim, value] of Object.entries(wrong))
      expect(statusAndCause(await exchange(ticket({ [claim]: value }), bearer))).toEqual([
        401,
        'launch-refused',
      ])
    expect((await ask(bearer, paths.servers())).statusCode).toBe(200)
    passes(15 * MINUTE)
    const late = ticket()
    expect(statusAndCause(await exchange(late, bearer))).toEqual([401, 'sign-in-needed'])
    // The ticket is still good for a new beginning.
    expect((await exchange(late)).statusCode).toBe(200)
  })

  it('ends with its time, and its console with it', async () => {
    const { ask, grant, issue, come, passes } = await startEmbedded()
    const { bearer } = await grant()
    const { viewer, received } = await come(bearer, await issue(bearer))
    await received('hello')
    passes(15 * MINUTE - 1)
    expect((await ask(bearer, paths.servers())).statusCode).toBe(200)
    const gone = once(viewer, 'close')
    passes(1)
    // Another sign-in looks at the limits, too.
    await grant({ sub: 'bob' })
    expect(await received('closing')).toMatchObject({ failure: { cause: 'sign-in-needed' } })
    await gone
    expect((await ask(bearer, paths.servers())).statusCode).toBe(401)
  })
})

describe('the check', () => {
  it.each([
    [PORTAL, true],
    [`${PORTAL}.evil.test`, false],
    [`${PORTAL}:8443`, false],
    ['null', false],
    [undefined, false],
  ])('tells any page whether it may embed: %s', async (origin, allowed) => {
    const { app } = await startEmbedded()
    const headers = { host: 'console.test', ...(origin ? { origin } : {}) }
    const response = await app.inject({ url: paths.embedCheck(), headers })
    expect(response.json()).toEqual({ enabled: true, allowed })
    expect(response.headers).toMatchObject({ 'access-control-allow-origin': '*', vary: 'Origin' })
    expect(response.headers['access-control-allow-credentials']).toBeUndefined()
  })

  it('is the only answer that another site may read', async () => {
    const { app, exchange, ticket } = await startEmbedded()
    const headers = { host: 'console.test', origin: PORTAL }
    for (const url of [paths.about(), paths.servers(), paths.signIn(), '/api/docs/json'])
      expect((await app.inject({ url, headers })).headers['access-control-allow-origin']).toBeUndefined()
    for (const response of [await exchange(ticket()), await exchange(ticket(), null, headers)])
      expect(response.headers['access-control-allow-origin']).toBeUndefined()
    const preflight = { ...headers, 'access-control-request-method': 'POST' }
    const asked = await app.inject({ method: 'OPTIONS', url: paths.embedExchange(), headers: preflight })
    expect(asked.headers['access-control-allow-origin']).toBeUndefined()
  })
})

it('no secret is in the log, in the audit log, or in an error', async () => {
  const app = await startEmbedded()
  const { bearer } = await app.grant()
  const issued = await app.issue(bearer)
  const { received: viewerReceived, viewer } = await app.come(bearer, issued)
  await viewerReceived('hello')
  const refused = jws(hs256('a guess'), claims(0))
  const used = app.ticket()
  const { bearer: second } = EmbedGrant.parse((await app.exchange(used, bearer)).json())
  const answers = [
    await app.exchange(refused),
    await app.exchange(used),
    await app.exchange(used, 'A'.repeat(43)),
    await app.ask('B'.repeat(43), paths.servers()),
    await app.ask(second, paths.server('linux-2')),
  ]
  await app.refusal(issued.session, [RELAY_SUBPROTOCOL, `${BEARER_SUBPROTOCOL}${'C'.repeat(43)}`])
  const gone = once(viewer, 'close')
  await app.ask(second, paths.signOut(), 'POST', { everywhere: false })
  await gone
  const written = [...app.log, JSON.stringify(app.audit.events), ...answers.map(({ body }) => body)].join(
    '\n',
  )
  expect(written).toContain('grant ended')
  const signatures = [refused, used].map((each) => each.split('.')[2] ?? '')
  const secrets = [SECRET, bearer, second, issued.ticket, ...signatures, 'A'.repeat(43), 'B'.repeat(43)]
  for (const secret of [...secrets, 'C'.repeat(43), 'console-token']) expect(written).not.toContain(secret)
})
