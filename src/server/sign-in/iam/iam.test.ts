import { describe, expect, it } from 'vitest'
import { ApiError, paths } from '../../../shared/api.ts'
import { RELAY_SUBPROTOCOL } from '../../../shared/relay-protocol.ts'
import { IDLE_HEADER, SignInState } from '../../../shared/sign-in.ts'
import { testApp } from '../../../testing/app.ts'
import { ManualClock } from '../../../testing/clock.ts'
import { TestBrowser } from '../../../testing/sign-in/browser.ts'
import { project, TestIdentityService } from '../../../testing/sign-in/identity-service.ts'
import { CloudError } from '../../clouds/cloud.ts'

const HTTPS = 'https://console.test'
const LOOPBACK = 'http://127.0.0.1:8080'
const MINUTE = 60_000
const SECRET = 'a secret of the tests, long enough to be one'

async function start(env: NodeJS.ProcessEnv = {}) {
  const clock = new ManualClock()
  const service = new TestIdentityService()
  const ended: string[] = []
  const { app, audit, log } = await testApp({
    env: {
      BMS_CONSOLE_SIGN_IN: 'iam',
      BMS_CONSOLE_PUBLIC_ORIGINS: `${HTTPS},${LOOPBACK}`,
      BMS_CONSOLE_SECRET: SECRET,
      ...env,
    },
    identityService: service,
    clock,
    signIn(mode) {
      mode.onEnded((handle) => ended.push(handle))
      return mode
    },
  })
  const pass = (ms: number) => clock.advance(ms)
  const browser = (from?: string, origin = HTTPS) =>
    new TestBrowser(app, { origin, ...(from ? { from } : {}) })
  return { app, service, ended, audit, log, pass, browser }
}

const credentials = (user: string, password = 'right', code?: string) => ({
  method: 'password',
  domain: 'acme',
  user,
  password,
  ...(code ? { code } : {}),
})

const signIn = (browser: TestBrowser, payload: object) => browser.ask('POST', paths.signInIam(), { payload })
const choose = (browser: TestBrowser, ...projects: string[]) =>
  browser.ask('PUT', paths.signInProjects(), { payload: { projects } })
const state = async (browser: TestBrowser, headers = {}) =>
  SignInState.parse((await browser.ask('GET', paths.signIn(), { headers })).json())
const errorOf = (response: { json(): unknown }) => ApiError.parse(response.json()).error

describe('signing in', () => {
  it('is offered to whoever is not', async () => {
    const { browser, service } = await start()
    expect(await state(browser())).toEqual({
      state: 'signed-out',
      offer: { mode: 'iam', cloud: 'Test cloud', domain: 'acme', domainTerm: 'account' },
    })
    const response = await browser().ask('GET', paths.servers())
    expect(response.statusCode).toBe(401)
    expect(errorOf(response).cause).toBe('sign-in-needed')
    expect(service.calls).toEqual([])
  })

  it('with one project goes straight to its servers', async () => {
    const { browser, audit } = await start()
    const ann = browser()
    const response = await signIn(ann, credentials('ann'))
    expect(response.statusCode).toBe(200)
    const expected = {
      state: 'signed-in',
      user: { name: 'ann', role: 'operator' },
      maySignOut: true,
      projects: [project('p1')],
    }
    expect(response.json()).toEqual(expected)
    expect(await state(ann)).toEqual(expected)
    expect((await ann.ask('GET', paths.servers())).statusCode).toBe(200)
    expect(audit.events).toMatchObject([
      {
        action: 'sign-in',
        outcome: 'done',
        user: { id: 'iam:acme/ann', name: 'ann' },
        from: '203.0.113.1',
        detail: 'acme/ann',
      },
    ])
  })

  it('with several projects asks which; no server before', async () => {
    const { browser, service, audit } = await start()
    service.projects = [project('p1'), project('p2'), project('p3')]
    const ann = browser()
    await signIn(ann, credentials('ann'))
    expect(await state(ann)).toMatchObject({ state: 'choosing-projects', projects: service.projects })
    const early = await ann.ask('GET', paths.servers())
    expect(early.statusCode).toBe(401)
    expect(errorOf(early)).toMatchObject({
      cause: 'sign-in-needed',
      detail: expect.stringMatching(/^Choose/),
    })

    const offer = async () => (await ann.ask('GET', paths.signInProjects())).json()
    expect(await offer()).toEqual({ projects: service.projects, chosen: [] })
    const chosen = await choose(ann, 'p3', 'p1')
    expect(chosen.json()).toMatchObject({ state: 'signed-in', projects: [project('p1'), project('p3')] })
    expect(await offer()).toEqual({
      projects: service.projects,
      chosen: [project('p1').key, project('p3').key],
    })
    expect(audit.events.at(-1)).toMatchObject({
      action: 'sign-in',
      outcome: 'done',
      user: { name: 'ann' },
      detail: 'projects p3, p1',
    })
    expect((await browser().ask('GET', paths.signInProjects())).statusCode).toBe(401)
    expect((await ann.ask('GET', paths.servers())).statusCode).toBe(200)
    expect(service.calls).toEqual(['sign in ann', 'open p1+p3'])
  })

  it('does not open a project that was not offered', async () => {
    const { browser, service, audit } = await start()
    service.projects = [project('p1'), project('p2')]
    const ann = browser()
    await signIn(ann, credentials('ann'))
    const response = await choose(ann, 'p1', 'another')
    expect(response.statusCode).toBe(403)
    expect(service.calls).toEqual(['sign in ann'])
    expect(audit.events.at(-1)).toMatchObject({
      outcome: 'refused',
      cause: 'no-permission',
      user: { name: 'ann' },
      detail: 'projects p1, 1 not offered',
    })
    expect((await choose(browser(), 'p1')).statusCode).toBe(401)
  })

  it('takes another choice later, with a new id', async () => {
    const { browser, service, pass } = await start()
    service.projects = [project('p1'), project('p2')]
    const ann = browser()
    await signIn(ann, credentials('ann'))
    const before = new Map(ann.cookies)
    await choose(ann, 'p1')
    await choose(ann, 'p2')
    expect(await state(ann)).toMatchObject({ projects: [project('p2')] })
    // The consoles of the first choice still ask its cloud for new links.
    expect(service.calls).not.toContain('close p1')
    pass(MINUTE)
    const stolen = browser()
    for (const [name, value] of before) stolen.cookies.set(name, value)
    expect(await state(stolen)).toMatchObject({ state: 'signed-out' })
    expect(await state(ann)).toMatchObject({ state: 'signed-in' })
  })

  it('maps the roles in the cloud, and lets nobody in whom nothing names', async () => {
    const { browser, service, audit } = await start({ BMS_CONSOLE_ADMIN_GROUPS: 'te_admin' })
    expect((await signIn(browser(), credentials('ann'))).json()).toMatchObject({ user: { role: 'admin' } })
    service.roles = ['readonly']
    const response = await signIn(browser(), credentials('bob'))
    expect(response.statusCode).toBe(403)
    expect(errorOf(response)).toMatchObject({ cause: 'no-role', detail: expect.stringContaining('readonly') })
    expect(service.calls.slice(-2).sort()).toEqual(['close bob', 'close p1'])
    expect(audit.events.at(-1)).toMatchObject({ outcome: 'refused', cause: 'no-role', user: null })
  })

  it('asks for the code', async () => {
    const { browser, service } = await start()
    service.needsCode = true
    expect(errorOf(await signIn(browser(), credentials('ann'))).cause).toBe('code-needed')
    expect((await signIn(browser(), credentials('ann', 'right', '123456'))).statusCode).toBe(200)
  })

  it('takes a token', async () => {
    const { browser, audit, log } = await start()
    const ann = browser()
    const token = 'gAAAA-token'
    expect((await signIn(ann, { method: 'token', token })).statusCode).toBe(200)
    expect(audit.events.at(-1)).toMatchObject({ outcome: 'done', detail: 'token' })
    expect([...ann.cookies.keys()]).toEqual(['__Host-bms-console'])
    expect(log.join('') + JSON.stringify(audit.events)).not.toContain(token)
  })

  it('says of a token that is too old what is wrong, and not that the server is', async () => {
    const { browser, service } = await start()
    service.failure = new CloudError({ cause: 'signed-out' })
    const response = await signIn(browser(), { method: 'token', token: 'old' })
    expect(response.statusCode).toBe(401)
    expect(errorOf(response).cause).toBe('credentials-refused')
  })

  it('is refused to who has no project', async () => {
    const { browser, service } = await start()
    service.projects = []
    const response = await signIn(browser(), credentials('ann'))
    expect([response.statusCode, errorOf(response).cause]).toEqual([403, 'no-project'])
    expect(service.calls.at(-1)).toBe('close ann')
  })

  it('never tells the password, in a log or in an answer', async () => {
    const { browser, log, audit } = await start()
    const response = await signIn(browser(), credentials('ann', 'pa55-w0rd'))
    await signIn(browser(), { ...credentials('ann', 'pa55-w0rd'), code: 'not a code' })
    await signIn(browser(), { ...credentials('ann'), password: { pa55: 'pa55-w0rd' } })
    // A password in the wrong field, as it happens.
    await signIn(browser(), credentials('pa55-w0rd', 'wrong'))
    expect(log.join('') + JSON.stringify(audit.events) + response.body).not.toContain('pa55')
    const refused = { outcome: 'refused', cause: 'credentials-refused' }
    expect(audit.events).toMatchObject([refused, refused])
  })

  it('tells whose name was guessed at once that name has signed in', async () => {
    const { browser, audit } = await start()
    await signIn(browser(), credentials('ann', 'wrong'))
    await signIn(browser(), credentials('ann'))
    await signIn(browser(), credentials('ann', 'wrong'))
    expect(audit.events).toMatchObject([
      { outcome: 'refused', detail: expect.stringMatching(/^name #[0-9a-f]{12}$/) },
      { outcome: 'done', detail: 'acme/ann' },
      { outcome: 'refused', detail: 'acme/ann' },
    ])
  })
})

describe('the cookie', () => {
  it('is for this host only, over https only, not for scripts and not for other sites', async () => {
    const { browser } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    const [line = '', device = ''] = ann.setCookies
    expect(line).toMatch(/^__Host-bms-console=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    expect(device).toMatch(
      /^__Host-bms-console-device=[\w.-]+; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(device).not.toContain('ann')
  })

  it('is another over plain http on loopback, where Secure would be wrong', async () => {
    const { browser } = await start()
    const ann = browser('127.0.0.1', LOOPBACK)
    await signIn(ann, credentials('ann'))
    expect(ann.setCookies[0]).toMatch(/^bms-console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(await state(ann)).toMatchObject({ state: 'signed-in' })
    const overHttps = browser()
    overHttps.cookies.set('bms-console', ann.cookies.get('bms-console') ?? '')
    expect(await state(overHttps)).toMatchObject({ state: 'signed-out' })
  })

  it.each([
    '',
    'x',
    `${'A'.repeat(43)}=`,
    'A'.repeat(44),
    'A'.repeat(4000),
    '%00%ff',
    '"',
    '../etc',
    '__proto__',
  ])('%s is as none', async (value) => {
    const { browser } = await start()
    const stranger = browser()
    stranger.cookies.set('__Host-bms-console', value)
    stranger.cookies.set('__Host-bms-console-device', value)
    expect(await state(stranger)).toMatchObject({ state: 'signed-out' })
    expect((await stranger.ask('GET', paths.servers())).statusCode).toBe(401)
    expect((await signIn(stranger, credentials('ann'))).statusCode).toBe(200)
  })

  it('has a new id with each sign-in, whatever the browser brought', async () => {
    const { browser, ended } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    const first = ann.cookies.get('__Host-bms-console')
    await signIn(ann, credentials('ann'))
    expect(ann.cookies.get('__Host-bms-console')).not.toBe(first)
    expect(ended).toHaveLength(1)
    const planted = browser()
    planted.cookies.set('__Host-bms-console', 'A'.repeat(43))
    await signIn(planted, credentials('bob'))
    expect(planted.cookies.get('__Host-bms-console')).not.toBe('A'.repeat(43))
  })

  it('changes its id as time goes by', async () => {
    const { browser, pass } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    pass(15 * MINUTE)
    expect((await ann.ask('GET', paths.servers())).statusCode).toBe(200)
    expect(ann.setCookies).toHaveLength(1)
    pass(MINUTE)
    expect((await ann.ask('GET', paths.servers())).statusCode).toBe(200)
    expect(ann.setCookies).toHaveLength(0)
  })

  it('keeps its id, and does not count as its user, with a WebSocket, whose answer carries no cookies', async () => {
    const { browser, pass } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    const headers = {
      upgrade: 'websocket',
      origin: HTTPS,
      'sec-websocket-protocol': RELAY_SUBPROTOCOL,
    }
    const connect = () => ann.ask('GET', paths.relay('any'), { headers })
    pass(59 * MINUTE)
    // Injected, it is no real upgrade. The route is reached by who is signed in, and has nothing else.
    expect((await connect()).statusCode).toBe(404)
    expect(ann.setCookies).toEqual([])
    pass(MINUTE)
    expect(errorOf(await connect())).toMatchObject({ cause: 'sign-in-needed' })
    expect(await state(ann)).toMatchObject({ state: 'signed-out' })
  })

  it('alone changes nothing: a request without an Origin is refused', async () => {
    const { app, browser, service } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    const calls = service.calls.length
    const [name = '', value = ''] = [...ann.cookies][0] ?? []
    for (const [method, url] of [
      ['POST', paths.signOut()],
      ['POST', paths.signInIam()],
      ['PUT', paths.signInProjects()],
      ['POST', paths.power('linux-1')],
      ['POST', paths.issueConsole('linux-1')],
    ] as const) {
      const response = await app.inject({
        method,
        url,
        headers: { host: 'console.test', cookie: `${name}=${value}` },
        payload: {},
      })
      expect(response.statusCode).toBe(403)
      expect(errorOf(response).cause).toBe('no-permission')
    }
    expect(service.calls).toHaveLength(calls)
    expect(await state(ann)).toMatchObject({ state: 'signed-in' })
  })

  it('cannot be given to a victim from another site', async () => {
    const { browser, service } = await start()
    const response = await browser().ask('POST', paths.signInIam(), {
      payload: credentials('eve'),
      headers: { origin: 'https://evil.test' },
    })
    expect(response.statusCode).toBe(403)
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(service.calls).toEqual([])
  })
})

describe('a sign-in ends', () => {
  it('when its user signs out: the token is given up', async () => {
    const { browser, service, ended, audit } = await start()
    const ann = browser()
    const other = browser('198.51.100.1')
    await signIn(ann, credentials('ann'))
    await signIn(other, credentials('ann'))
    const response = await ann.ask('POST', paths.signOut(), { payload: { everywhere: false } })
    expect(response.json()).toEqual({ continueAt: null })
    expect(ann.cookies.has('__Host-bms-console')).toBe(false)
    expect(ended).toHaveLength(1)
    expect(service.calls.slice(-2)).toEqual(['close p1', 'close ann'])
    expect(await state(ann)).toMatchObject({ state: 'signed-out' })
    expect(await state(other)).toMatchObject({ state: 'signed-in' })
    expect(audit.events.at(-1)).toMatchObject({ action: 'sign-out', outcome: 'done', user: { name: 'ann' } })
  })

  it('everywhere, and not of others', async () => {
    const { browser, ended, audit } = await start()
    const [ann, elsewhere, bob] = [browser(), browser('198.51.100.1'), browser()]
    for (const [who, name] of [
      [ann, 'ann'],
      [elsewhere, 'ann'],
      [bob, 'bob'],
    ] as const)
      await signIn(who, credentials(name))
    await ann.ask('POST', paths.signOut(), { payload: { everywhere: true } })
    expect(ended).toHaveLength(2)
    expect(await state(elsewhere)).toMatchObject({ state: 'signed-out' })
    expect(await state(bob)).toMatchObject({ state: 'signed-in' })
    expect(audit.events.at(-1)).toMatchObject({ action: 'sign-out', detail: 'everywhere' })
  })

  it('without its user, though the page goes on asking', async () => {
    const { browser, pass } = await start({ BMS_CONSOLE_SIGN_IN_IDLE: '10' })
    const ann = browser()
    await signIn(ann, credentials('ann'))
    pass(8 * MINUTE)
    expect(await state(ann, { [IDLE_HEADER]: '0' })).toMatchObject({ state: 'signed-in' })
    pass(8 * MINUTE)
    expect(await state(ann, { [IDLE_HEADER]: '1' })).toMatchObject({ state: 'signed-in' })
    expect((await ann.ask('GET', paths.servers(), { headers: { [IDLE_HEADER]: '1' } })).statusCode).toBe(200)
    pass(2 * MINUTE)
    expect(await state(ann, { [IDLE_HEADER]: '1' })).toMatchObject({ state: 'signed-out' })
  })

  it('with the token of the cloud', async () => {
    const { browser, service, pass } = await start()
    service.leftMs = 5 * MINUTE
    const ann = browser()
    await signIn(ann, credentials('ann'))
    pass(5 * MINUTE)
    expect(await state(ann)).toMatchObject({ state: 'signed-out' })
  })

  it('when the cloud no longer accepts its user, who is told so', async () => {
    const { browser, service, ended } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    service.failure = new CloudError({ cause: 'signed-out', detail: 'The cloud answered HTTP 401' })
    const response = await ann.ask('GET', paths.servers())
    expect(response.statusCode).toBe(401)
    expect(errorOf(response).cause).toBe('sign-in-needed')
    expect(ended).toHaveLength(1)
    expect(await state(ann)).toMatchObject({ state: 'signed-out' })
  })

  it('when the cloud refuses its user at a choice', async () => {
    const { browser, service, ended } = await start()
    service.projects = [project('p1'), project('p2')]
    const ann = browser()
    await signIn(ann, credentials('ann'))
    service.failure = new CloudError({ cause: 'signed-out' })
    expect(errorOf(await choose(ann, 'p1')).cause).toBe('sign-in-needed')
    expect(ended).toHaveLength(1)
  })

  it('and not for any other trouble of the cloud', async () => {
    const { browser, service, ended } = await start()
    const ann = browser()
    await signIn(ann, credentials('ann'))
    service.failure = new CloudError({ cause: 'no-permission' })
    expect((await ann.ask('GET', paths.servers())).statusCode).toBe(403)
    expect(ended).toEqual([])
  })

  it('also where its token cannot be given up; the log does not say more than that', async () => {
    const { app, browser, service, log } = await start()
    service.closeFailure = new Error('DELETE with X-Subject-Token: gAAAA-secret failed')
    await signIn(browser(), credentials('ann'))
    await app.close()
    expect(service.calls.slice(-3)).toEqual(['close p1', 'close ann', 'close'])
    expect(log.join('')).toContain('giving up a token failed')
    expect(log.join('')).not.toContain('gAAAA-secret')
  })
})

describe('guessing', () => {
  const guess = (browser: TestBrowser, user = 'victim') => signIn(browser, credentials(user, 'wrong'))

  it('has to wait, and the cloud is not asked meanwhile', async () => {
    const { browser, service, audit, pass } = await start()
    const attacker = browser()
    for (let time = 0; time < 3; time++) expect((await guess(attacker)).statusCode).toBe(401)
    // Another spelling of the same name.
    const refused = await guess(attacker, ' VICTIM')
    expect(refused.statusCode).toBe(429)
    expect(errorOf(refused)).toMatchObject({ cause: 'sign-in-throttled', retryAfter: 300 })
    expect(refused.headers['retry-after']).toBe('300')
    expect(service.calls).toHaveLength(3)
    expect(audit.events.at(-1)).toMatchObject({ outcome: 'refused', cause: 'sign-in-throttled' })
    pass(300_000)
    expect((await guess(attacker)).statusCode).toBe(401)
  })

  it('is not quicker with many at once', async () => {
    const { browser, service } = await start()
    let open = () => {}
    service.gate = new Promise((resolve) => {
      open = resolve
    })
    const attempts = Array.from({ length: 20 }, () => guess(browser()))
    await expect.poll(() => service.calls.length).toBe(3)
    open()
    const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 401)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(17)
  })

  it('does not hold up the victim elsewhere', async () => {
    const { browser } = await start()
    for (let time = 0; time < 10; time++) await guess(browser('203.0.113.66'))
    expect((await signIn(browser('198.51.100.7'), credentials('victim'))).statusCode).toBe(200)
  })

  it('does not hold up the victim behind the same address, in a browser that they used before', async () => {
    const { browser } = await start()
    const victim = browser('203.0.113.66')
    await signIn(victim, credentials('victim'))
    await victim.ask('POST', paths.signOut(), { payload: { everywhere: true } })
    const neighbour = browser('203.0.113.66')
    // Beyond the limit of requests, too.
    for (let time = 0; time < 40; time++) await guess(neighbour, time < 20 ? 'victim' : `user-${time}`)
    expect((await guess(neighbour)).statusCode).toBe(429)
    expect((await signIn(victim, credentials('victim'))).statusCode).toBe(200)
  })

  it('wins nothing by the device cookie of another account, or by one that it made up', async () => {
    const { browser } = await start()
    const attacker = browser()
    await signIn(attacker, credentials('eve'))
    for (let time = 0; time < 5; time++) await guess(attacker)
    expect((await guess(attacker)).statusCode).toBe(429)
    const [header, claims] = attacker.cookies.get('__Host-bms-console-device')?.split('.') ?? []
    const forged = browser()
    forged.cookies.set('__Host-bms-console-device', `${header}.${claims}.${'A'.repeat(43)}`)
    expect((await guess(forged)).statusCode).toBe(429)
  })

  it('of an address in IPv6 counts for its whole network', async () => {
    const { browser } = await start()
    for (let time = 0; time < 5; time++) await guess(browser(`2001:db8::${time}`))
    expect((await guess(browser('2001:db8::ffff'))).statusCode).toBe(429)
    expect((await guess(browser('2001:db8:0:1::1'))).statusCode).toBe(401)
  })

  it('is not what a cloud that does not answer is', async () => {
    const { browser, service } = await start()
    service.failure = new CloudError({ cause: 'cloud-timeout' })
    for (let time = 0; time < 10; time++)
      expect((await signIn(browser(), credentials('ann'))).statusCode).toBe(504)
    service.failure = null
    expect((await signIn(browser(), credentials('ann'))).statusCode).toBe(200)
  })
})
