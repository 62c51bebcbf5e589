import { describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import { noPreferences } from '../../shared/preferences.ts'
import { type GuardedApp, startGuardedApp, upgrade } from '../../testing/security/guarded-app.ts'

type Headers = Record<string, string>

/** What another site, or a program that plays one, can make of a request; the cookie is the victim's. */
const attacks = ({ host, origin }: GuardedApp): Array<[what: string, headers: Headers, status: number]> => {
  const port = Number(new URL(origin).port)
  return [
    ['a foreign origin', { host, origin: 'https://evil.test' }, 403],
    ['a null origin', { host, origin: 'null' }, 403],
    ['an empty origin', { host, origin: '' }, 403],
    ['a look-alike that begins as ours', { host, origin: `http://127.0.0.1.evil.test:${port}` }, 403],
    ['a look-alike that ends as ours', { host, origin: `http://evil-127.0.0.1:${port}` }, 403],
    ['ours as the user of another', { host, origin: `${origin}@evil.test` }, 403],
    ['another port', { host, origin: `http://127.0.0.1:${port + 1}` }, 403],
    ['no port', { host, origin: 'http://127.0.0.1' }, 403],
    ['another scheme', { host, origin: `https://${host}` }, 403],
    ['ours with a path', { host, origin: `${origin}/` }, 403],
    ['ours and another', { host, origin: `${origin} https://evil.test` }, 403],
    [
      'a spoofed X-Forwarded-Host',
      { host, origin: 'https://evil.test', 'x-forwarded-host': 'evil.test' },
      403,
    ],
    [
      'a spoofed Forwarded',
      { host, origin: 'https://evil.test', forwarded: 'host=evil.test;proto=https' },
      403,
    ],
    ['a bad host', { host: 'evil.test', origin: 'http://evil.test' }, 421],
    ['a bad host behind our name', { host: 'evil.test', origin, 'x-forwarded-host': host }, 421],
    ['no origin', { host }, 403],
  ]
}

describe('a WebSocket from another site', () => {
  it('is let in from our own page, with the cookie and a fresh ticket', async () => {
    const app = await startGuardedApp()
    const cookie = await app.signIn()
    const issued = await app.ticket(cookie)
    expect(await upgrade(app, issued, { ...app.headers, cookie })).toMatchObject({ said: { type: 'hello' } })
    await expect.poll(() => app.calls).toContain('gateway')
  })

  it('is refused before any call upstream, whatever it says it is; the ticket stays good for its owner', async () => {
    const app = await startGuardedApp()
    const cookie = await app.signIn()
    const issued = await app.ticket(cookie)
    const before = [...app.calls]
    for (const [what, headers, status] of attacks(app))
      expect([what, await upgrade(app, issued, { ...headers, cookie })]).toEqual([what, { refused: status }])
    expect(app.calls).toEqual(before)
    expect(await upgrade(app, issued, { ...app.headers, cookie })).toMatchObject({ said: { type: 'hello' } })
  })

  it('is refused without a cookie, or with one that is nobody’s', async () => {
    const app = await startGuardedApp()
    const issued = await app.ticket(await app.signIn())
    const before = [...app.calls]
    const cookies = ['', 'bms-console=', `bms-console=${'A'.repeat(43)}`, 'bms-console=" OR 1=1']
    for (const cookie of cookies)
      expect([cookie, await upgrade(app, issued, cookie ? { ...app.headers, cookie } : app.headers)]).toEqual(
        [cookie, { refused: 401 }],
      )
    expect(app.calls).toEqual(before)
  })

  it('is refused when its ticket is replayed, made up, of another session or of another user', async () => {
    const app = await startGuardedApp()
    const cookie = await app.signIn()
    const stranger = await app.signIn()
    const used = await app.ticket(cookie)
    const headers = { ...app.headers, cookie }
    await upgrade(app, used, headers)
    await expect.poll(() => app.calls).toContain('gateway')
    const fresh = await app.ticket(cookie)
    const before = [...app.calls]
    const refused = { said: { type: 'closing', failure: { cause: 'ticket-refused' } } }
    expect(await upgrade(app, used, headers)).toMatchObject(refused)
    expect(await upgrade(app, { ...used, ticket: 'A'.repeat(43) }, headers)).toMatchObject(refused)
    expect(await upgrade(app, { ...fresh, session: 'another' }, headers)).toMatchObject(refused)
    // Another sign-in, of the same person even: a ticket is of one browser.
    expect(await upgrade(app, fresh, { ...app.headers, cookie: stranger })).toMatchObject(refused)
    expect(app.calls).toEqual(before)
  })
})

/** Requests that change something, good but for where they come from. */
const bodies: Record<string, object | undefined> = {
  'POST /api/sign-in/iam': { method: 'password', domain: 'acme', user: 'ada', password: 'a guess' },
  'PUT /api/preferences': { version: '', preferences: noPreferences },
  'PUT /api/sign-in/projects': { projects: ['p1'] },
  'POST /api/embed/exchange': { ticket: 'a guess' },
  'POST /api/sign-out': { everywhere: true },
  'POST /api/servers/:id/console': undefined,
  'DELETE /api/servers/:id/console': undefined,
  'PUT /api/servers/:id/watch': undefined,
  'DELETE /api/servers/:id/watch': undefined,
  'POST /api/servers/:id/power': { action: 'power-off' },
}

describe('a request from another site', () => {
  const changes = ({ app }: GuardedApp) =>
    [...app.accessTable.keys()].filter((route) => !/^(GET|HEAD|OPTIONS) /.test(route))

  it('cannot be one that this test does not know', async () => {
    const app = await startGuardedApp()
    const known = [...Object.keys(bodies), ...changes(app).filter((route) => route.includes('/recordings'))]
    expect(changes(app).filter((route) => !known.includes(route))).toEqual([])
  })

  it('changes nothing: refused before any call upstream on every route', async () => {
    const app = await startGuardedApp()
    const cookie = await app.signIn()
    const before = [...app.calls]
    for (const route of changes(app)) {
      const [method, url] = splitRoute(route)
      const payload = bodies[route]
      for (const [what, headers, status] of attacks(app)) {
        const response = await app.app.inject({
          method,
          url,
          headers: { ...headers, cookie },
          ...(payload ? { payload } : {}),
        })
        expect([route, what, response.statusCode]).toEqual([route, what, status])
        expect(response.headers['access-control-allow-origin']).toBeUndefined()
      }
    }
    expect(app.calls).toEqual(before)
    // The victim is still signed in, and may do what was refused to the attacker.
    const own = await app.app.inject({
      method: 'POST',
      url: '/api/servers/linux-1/power',
      headers: { ...app.headers, cookie },
      payload: { action: 'power-off' },
    })
    expect(own.statusCode).toBe(202)
    // The log wants the server's name, too.
    expect(app.calls.slice(before.length).sort()).toEqual(['power', 'server'])
  })

  it('is not let in by a form, whose body needs no leave of ours', async () => {
    const app = await startGuardedApp()
    const cookie = await app.signIn()
    const before = [...app.calls]
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await app.app.inject({
        method: 'POST',
        url: paths.power('linux-1'),
        headers: { ...app.headers, cookie, 'content-type': type },
        payload: '{"action":"power-off"}',
      })
      expect([type, response.statusCode >= 400 && response.statusCode < 500]).toEqual([type, true])
    }
    expect(app.calls).toEqual(before)
  })

  it('reads nothing without a cookie', async () => {
    const app = await startGuardedApp()
    for (const [route, access] of app.app.accessTable) {
      if (access === 'anyone' || route.endsWith('/relay')) continue
      const [method, url] = splitRoute(route)
      const response = await app.app.inject({ method, url, headers: app.headers })
      expect([route, response.statusCode]).toEqual([route, 401])
    }
    expect(app.calls).toEqual([])
  })
})

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

function splitRoute(route: string): [Method, string] {
  const [method = '', url = ''] = route.split(' ')
  return [method as Method, url.replace(':id', 'linux-1').replace(':session', 'some').replace('*', 'x')]
}
