import { describe, expect, it } from 'vitest'
import { byPassword, byToken, startClient, unauthorised } from '../testing/sandbox-client.ts'
import { totpCode } from './totp.ts'

const UNAUTHORISED = 'The request you have made requires authentication.'
const MINUTE = 60_000

describe.each(['/v3', '/identity/v3'] as const)('both, %s:', (base) => {
  it('one project by its id: the token has user, project, roles and its end', async () => {
    const { sandbox, auth } = await startClient()
    const { alice } = sandbox.users
    const { first } = sandbox.projects
    const answer = await auth(base, byPassword(alice), { project: { id: first.id } })
    expect(answer).toMatchObject({
      status: 201,
      subject: expect.stringMatching(base === '/v3' ? /^MII[\w+=-]{1500,}$/ : /^gAAAA[\w-]{100,}$/),
      json: {
        token: {
          methods: ['password'],
          user: { id: alice.id, name: 'alice', domain: { id: expect.any(String), name: 'sandbox' } },
          project: { id: first.id, name: base === '/v3' ? 'eu-de' : 'platform', domain: { name: 'sandbox' } },
          roles: (base === '/v3' ? ['server_adm'] : ['member', 'reader']).map((name) => ({
            id: expect.any(String),
            name,
          })),
          issued_at: '2026-03-04T05:06:07.000000Z',
          expires_at: base === '/v3' ? '2026-03-05T05:06:07.000000Z' : '2026-03-04T06:06:07.000000Z',
        },
      },
    })
    expect(JSON.stringify(answer.json)).not.toContain(answer.subject)
    expect(JSON.stringify(answer.json)).not.toContain(alice.password)
  })

  it('a user by id, and a domain by id', async () => {
    const { sandbox, auth } = await startClient()
    const { alice } = sandbox.users
    const known = await auth(base, {
      methods: ['password'],
      password: { user: { id: alice.id, password: alice.password } },
    })
    expect(known).toMatchObject({ status: 201, json: { token: { user: { name: 'alice' } } } })
    const { domain } = (known.json as { token: { user: { domain: { id: string } } } }).token.user
    expect(
      await auth(base, {
        methods: ['password'],
        password: { user: { name: 'alice', password: alice.password, domain: { id: domain.id } } },
      }),
    ).toMatchObject({ status: 201, json: { token: { user: { id: alice.id } } } })
  })

  it('two people of the same name are distinguished by their domain', async () => {
    const { sandbox, auth } = await startClient()
    const { alice, partner } = sandbox.users
    expect((await auth(base, byPassword(partner))).json).toMatchObject({
      token: { user: { id: partner.id, name: 'alice', domain: { name: 'partner' } } },
    })
    expect(await auth(base, byPassword({ ...partner, password: alice.password }))).toMatchObject({
      status: 401,
    })
  })

  it('a project that the user has no part in is refused as a wrong password is', async () => {
    const { sandbox, auth } = await startClient()
    const { first, second } = sandbox.projects
    for (const [user, scope] of [
      [sandbox.users.reader, { project: { id: second.id } }],
      [sandbox.users.partner, { project: { id: first.id } }],
      [sandbox.users.projectless, { project: { id: first.id } }],
      [sandbox.users.alice, { project: { id: 'nothing' } }],
      [sandbox.users.alice, { domain: { name: 'partner' } }],
    ] as const)
      expect(await auth(base, byPassword(user), scope)).toMatchObject(unauthorised(UNAUTHORISED))
  })

  it('refuses a body that is not one, without a token', async () => {
    const { sandbox, send, auth } = await startClient()
    const { alice } = sandbox.users
    const bad = {
      status: 400,
      json: { error: { code: 400, title: 'Bad Request', message: expect.any(String) } },
    }
    expect(await send('POST', `${base}/auth/tokens`, { body: {} })).toMatchObject(bad)
    expect(await send('POST', `${base}/auth/tokens`, { body: [] })).toMatchObject(bad)
    expect(await auth(base, { methods: [] })).toMatchObject(bad)
    expect(await auth(base, { methods: ['password'] })).toMatchObject(bad)
    expect(await auth(base, { ...byPassword(alice), methods: ['password', 'totp'] })).toMatchObject(bad)
    expect(await auth(base, byPassword(alice), { project: {} })).toMatchObject(bad)
    expect(await auth(base, { methods: ['kerberos'], kerberos: {} })).toMatchObject({ status: 401 })
  })

  it('a token for a token lives no longer, and may be of another project', async () => {
    const { sandbox, auth, clock } = await startClient()
    const { alice } = sandbox.users
    const { first, second } = sandbox.projects
    const from = await auth(base, byPassword(alice), { project: { id: first.id } })
    clock.advance(10 * MINUTE)
    const to = await auth(base, byToken(from.subject), { project: { id: second.id } })
    expect(to).toMatchObject({
      status: 201,
      json: {
        token: {
          methods: ['token', 'password'],
          project: { id: second.id },
          roles: [{ name: base === '/v3' ? 'readonly' : 'reader' }],
          issued_at: '2026-03-04T05:16:07.000000Z',
          expires_at: (from.json as { token: { expires_at: string } }).token.expires_at,
        },
      },
    })
    expect(to.subject).not.toBe(from.subject)
    clock.advance(24 * 60 * MINUTE)
    expect(await auth(base, byToken(to.subject))).toMatchObject(unauthorised(UNAUTHORISED))
  })

  it('shows a token, and revokes it', async () => {
    const { sandbox, send, auth } = await startClient()
    const { alice, reader, operator } = sandbox.users
    const { subject } = await auth(base, byPassword(alice), { project: { id: sandbox.projects.first.id } })
    const other = await auth(base, byPassword(reader))
    const admin = await auth(base, byPassword(operator), { project: { id: sandbox.projects.first.id } })
    const ask = (method: string, asks: string, about: string) =>
      send(method, `${base}/auth/tokens`, { 'x-auth-token': asks, 'x-subject-token': about })
    expect(await ask('GET', subject, subject)).toMatchObject({
      status: 200,
      subject,
      json: { token: { user: { name: 'alice' }, project: { id: sandbox.projects.first.id } } },
    })
    expect(await ask('HEAD', admin.subject, subject)).toMatchObject({ status: 200, json: null })
    expect(await ask('GET', other.subject, subject)).toMatchObject({ status: 403 })
    expect(await ask('GET', 'x', subject)).toMatchObject(unauthorised(UNAUTHORISED))
    expect(await ask('GET', subject, 'x')).toMatchObject({
      status: 404,
      json: { error: { title: 'Not Found' } },
    })
    expect(await ask('DELETE', other.subject, subject)).toMatchObject({ status: 403 })
    expect(await ask('DELETE', subject, subject)).toMatchObject({ status: 204, json: null })
    expect(await ask('GET', admin.subject, subject)).toMatchObject({ status: 404 })
    expect(await ask('GET', subject, subject)).toMatchObject(unauthorised(UNAUTHORISED))
  })

  it('lists the projects, and shows its version to anybody', async () => {
    const { sandbox, send, auth } = await startClient()
    const { alice, projectless } = sandbox.users
    const { subject } = await auth(base, byPassword(alice))
    const at = `${sandbox.apiEndpoint}${base}`
    const names = base === '/v3' ? ['eu-de', 'eu-nl'] : ['platform', 'research']
    const domainId = expect.stringMatching(/^[0-9a-f]{32}$/)
    const { first, second } = sandbox.projects
    expect(await send('GET', `${base}/auth/projects`, { 'x-auth-token': subject })).toMatchObject({
      status: 200,
      json: {
        links: { self: `${at}/auth/projects`, previous: null, next: null },
        projects: [first, second].map(({ id }, index) => ({
          id,
          name: names[index],
          domain_id: domainId,
          enabled: true,
          is_domain: false,
          links: { self: `${at}/projects/${id}` },
        })),
      },
    })
    const nobody = await auth(base, byPassword(projectless))
    expect(
      (await send('GET', `${base}/auth/projects`, { 'x-auth-token': nobody.subject })).json,
    ).toMatchObject({
      projects: [],
    })
    expect(await send('GET', `${base}/auth/projects`)).toMatchObject(unauthorised(UNAUTHORISED))
    for (const path of [base, `${base}/`])
      expect(await send('GET', path)).toMatchObject({
        status: 200,
        json: { version: { status: 'stable', links: [{ rel: 'self', href: `${at}/` }] } },
      })
  })
})

describe('IAM', () => {
  const wrong = unauthorised('The username or password is wrong.')

  it('asks for a missing code in the same words as it refuses a wrong one', async () => {
    const { sandbox, auth, clock } = await startClient()
    const { mfa } = sandbox.users
    const scope = { project: { name: 'eu-de' } }
    const withCode = (code: string, user: object = { name: mfa.name }) =>
      auth(
        '/v3',
        { ...byPassword(mfa), methods: ['password', 'totp'], totp: { user: { ...user, passcode: code } } },
        scope,
      )
    const refused = unauthorised('mfa totp code verify fail')
    const secret = mfa.totpSecret ?? ''
    expect(await auth('/v3', byPassword(mfa), scope)).toMatchObject(refused)
    expect(await auth('/v3', byPassword(mfa, 'x'), scope)).toMatchObject(wrong)
    const code = totpCode(secret, clock.now())
    expect(await withCode(code)).toMatchObject({
      status: 201,
      json: { token: { methods: ['password', 'totp'], mfa_authn_at: '2026-03-04T05:06:07.000000Z' } },
    })
    expect(await withCode(code, { id: mfa.id })).toMatchObject({ status: 201 })
    expect(await withCode(code, { id: sandbox.users.alice.id })).toMatchObject(refused)
    expect(await withCode(code === '000000' ? '000001' : '000000')).toMatchObject(refused)
    clock.advance(90_000)
    expect(await withCode(code)).toMatchObject(refused)
  })

  it('locks after five wrong passwords for a quarter of an hour, and a disabled user always', async () => {
    const { sandbox, auth, clock } = await startClient()
    const { alice, reader, disabled } = sandbox.users
    for (let time = 0; time < 5; time++)
      expect(await auth('/v3', byPassword(alice, 'x'))).toMatchObject(wrong)
    const locked = unauthorised('The account is locked.')
    expect(await auth('/v3', byPassword(alice))).toMatchObject(locked)
    expect(await auth('/v3', byPassword(reader))).toMatchObject({ status: 201 })
    clock.advance(15 * MINUTE)
    expect(await auth('/v3', byPassword(alice))).toMatchObject({ status: 201 })
    expect(await auth('/v3', byPassword(disabled))).toMatchObject(unauthorised('The user is disabled.'))
    expect(await auth('/v3', byPassword(disabled, 'x'))).toMatchObject(wrong)
  })

  it('without a scope gives a token for the global services; a project is named after its region', async () => {
    const { sandbox, auth, send } = await startClient()
    const { alice } = sandbox.users
    const global = await auth('/v3', byPassword(alice))
    expect(global.json).toMatchObject({
      token: {
        domain: { name: 'sandbox' },
        roles: [],
        catalog: [{ type: 'identity', name: 'iam', endpoints: [{ region: '*', interface: 'public' }] }],
      },
    })
    const [de, nl] = sandbox.regions
    const named = await auth('/v3', byToken(global.subject), { project: { name: 'eu-nl' } })
    expect(named.json).toMatchObject({
      token: {
        project: { id: sandbox.projects.second.id, name: 'eu-nl' },
        catalog: [
          { type: 'identity' },
          {
            type: 'bms',
            endpoints: [
              {
                region: 'eu-nl',
                region_id: 'eu-nl',
                url: `${nl?.endpoint}/v1/${sandbox.projects.second.id}`,
              },
            ],
          },
        ],
      },
    })
    expect(nl?.endpoint).not.toBe(de?.endpoint)
    const found = await send('GET', '/v3/projects?name=eu-nl', { 'x-auth-token': global.subject })
    expect(found.json).toMatchObject({ projects: [{ id: sandbox.projects.second.id, name: 'eu-nl' }] })
    const none = await send('GET', '/v3/projects?name=eu-xx', { 'x-auth-token': global.subject })
    expect(none.json).toMatchObject({ projects: [] })
    const bare = await send('POST', '/v3/auth/tokens?nocatalog=true', {
      body: { auth: { identity: byPassword(alice), scope: { domain: { name: 'sandbox' } } } },
    })
    expect(bare).toMatchObject({ status: 201, json: { token: { domain: { name: 'sandbox' } } } })
    expect(bare.json).not.toMatchObject({ token: { catalog: expect.anything() } })
  })
})

describe('Keystone', () => {
  const refused = unauthorised(UNAUTHORISED)

  it('gives a receipt for a right password, with which the code comes alone', async () => {
    const { sandbox, auth, clock } = await startClient()
    const { mfa, alice } = sandbox.users
    const scope = { project: { id: sandbox.projects.first.id } }
    const first = await auth('/identity/v3', byPassword(mfa), scope)
    expect(first).toMatchObject({
      status: 401,
      subject: '',
      json: {
        receipt: {
          methods: ['password'],
          user: { id: mfa.id, name: 'mia', domain: { name: 'sandbox' } },
          issued_at: '2026-03-04T05:06:07.000000Z',
          expires_at: '2026-03-04T05:11:07.000000Z',
        },
        required_auth_methods: [['password', 'totp']],
      },
    })
    const receipt = first.headers.get('openstack-auth-receipt') ?? ''
    expect(receipt).toMatch(/^[\w-]{100,}$/)
    const code = totpCode(mfa.totpSecret ?? '', clock.now())
    const second = (id: string, passcode = code) =>
      auth('/identity/v3', { methods: ['totp'], totp: { user: { id: mfa.id, passcode } } }, scope, {
        'openstack-auth-receipt': id,
      })
    expect(await second(receipt)).toMatchObject({
      status: 201,
      json: { token: { methods: ['password', 'totp'], project: { name: 'platform' } } },
    })
    expect(await second(receipt, '12345')).toMatchObject(refused)
    expect(await second('x')).toMatchObject(refused)
    // Another's receipt does not stand in for a password.
    const other = { methods: ['password'], password: byPassword(alice).password }
    expect(await auth('/identity/v3', other, scope, { 'openstack-auth-receipt': receipt })).toMatchObject(
      refused,
    )
    // The code alone gives a receipt that asks for the password.
    expect(
      await auth(
        '/identity/v3',
        { methods: ['totp'], totp: { user: { id: mfa.id, passcode: code } } },
        scope,
      ),
    ).toMatchObject({ status: 401, json: { receipt: { methods: ['totp'] } } })
    clock.advance(5 * MINUTE)
    expect(await second(receipt, totpCode(mfa.totpSecret ?? '', clock.now()))).toMatchObject(refused)
  })

  it('gives an unscoped token without a scope, without catalog or roles', async () => {
    const { sandbox, auth, send } = await startClient()
    const { alice, operator } = sandbox.users
    for (const scope of [undefined, 'unscoped', { unscoped: {} }]) {
      const { json, subject } = await auth('/identity/v3', byPassword(alice), scope)
      expect(Object.keys((json as { token: object }).token).sort()).toEqual([
        'audit_ids',
        'expires_at',
        'issued_at',
        'methods',
        'user',
      ])
      expect(await send('GET', '/identity/v3/auth/catalog', { 'x-auth-token': subject })).toMatchObject({
        status: 403,
      })
    }
    const domain = { domain: { name: 'sandbox' } }
    expect(await auth('/identity/v3', byPassword(alice), domain)).toMatchObject(refused)
    expect(await auth('/identity/v3', byPassword(operator), domain)).toMatchObject({
      status: 201,
      json: { token: { domain: { name: 'sandbox' }, roles: [{ name: 'admin' }] } },
    })
  })

  it('wants a domain beside a project’s name; its catalog has each region and interface', async () => {
    const { sandbox, auth, send } = await startClient()
    const { alice, operator } = sandbox.users
    const scoped = (project: object, user = alice) => auth('/identity/v3', byPassword(user), { project })
    expect(await scoped({ name: 'research' })).toMatchObject({ status: 400 })
    expect(await scoped({ name: 'eu-nl', domain: { name: 'sandbox' } })).toMatchObject(refused)
    expect(await scoped({ name: 'research', domain: { name: 'partner' } })).toMatchObject(refused)
    const both = { project: { id: sandbox.projectId }, domain: { name: 'sandbox' } }
    expect(await auth('/identity/v3', byPassword(alice), both)).toMatchObject({ status: 400 })
    const { json, subject } = await scoped({ name: 'research', domain: { name: 'sandbox' } })
    const compute = (
      json as { token: { catalog: { type: string; endpoints: object[] }[] } }
    ).token.catalog.find(({ type }) => type === 'compute')
    expect(compute?.endpoints).toHaveLength(6)
    for (const { id, endpoint } of sandbox.regions)
      expect(compute?.endpoints).toContainEqual({
        id: expect.any(String),
        interface: 'public',
        region: id,
        region_id: id,
        url: `${endpoint}/compute/v2.1`,
      })
    const list = (token: string) =>
      send('GET', '/identity/v3/projects?name=research', { 'x-auth-token': token })
    expect(await list(subject)).toMatchObject({
      status: 403,
      json: {
        error: {
          code: 403,
          message: 'You are not authorized to perform the requested action: identity:list_projects.',
          title: 'Forbidden',
        },
      },
    })
    const admin = await scoped({ id: sandbox.projectId }, operator)
    expect(await list(admin.subject)).toMatchObject({
      status: 200,
      json: { projects: [{ name: 'research' }] },
    })
  })

  it('knows an application credential, whose project it is', async () => {
    const { sandbox, auth } = await startClient()
    const { id, name, secret, user } = sandbox.openstack.applicationCredential
    const by = (application_credential: object) => ({
      methods: ['application_credential'],
      application_credential,
    })
    const good = await auth('/identity/v3', by({ id, secret }))
    expect(good).toMatchObject({
      status: 201,
      json: {
        token: {
          methods: ['application_credential'],
          application_credential: { id, name, restricted: true },
          project: { id: sandbox.projectId },
          user: { id: user.id },
        },
      },
    })
    const { domain } = user
    for (const owner of [{ id: user.id }, { name: user.name, domain: { name: domain } }])
      expect(await auth('/identity/v3', by({ name, secret, user: owner }))).toMatchObject({ status: 201 })
    expect(await auth('/identity/v3', by({ id, secret: 'x' }))).toMatchObject(refused)
    expect(await auth('/identity/v3', by({ id: 'x', secret }))).toMatchObject(refused)
    const scope = { project: { id: sandbox.projectId } }
    expect(await auth('/identity/v3', by({ id, secret }), scope)).toMatchObject(
      unauthorised(
        'Error authenticating with application credential: Application credentials cannot request a scope.',
      ),
    )
    expect(await auth('/identity/v3', byToken(good.subject), scope)).toMatchObject({ status: 403 })
    expect(await auth('/identity/v3', byToken(good.subject))).toMatchObject({
      status: 201,
      json: { token: { project: { id: sandbox.projectId } } },
    })
  })

  it('names a locked and a disabled user by id', async () => {
    const { sandbox, auth } = await startClient({ lockAfter: 2 })
    const { alice, disabled } = sandbox.users
    for (let time = 0; time < 2; time++)
      expect(await auth('/identity/v3', byPassword(alice, 'x'))).toMatchObject(refused)
    expect(await auth('/identity/v3', byPassword(alice))).toMatchObject(
      unauthorised(`The account is locked for user: ${alice.id}.`),
    )
    expect(await auth('/identity/v3', byPassword(disabled))).toMatchObject(
      unauthorised(`The account is disabled for user: ${disabled.id}.`),
    )
  })
})

it('the tokens of one service are not valid at the other', async () => {
  const { sandbox, auth, send } = await startClient()
  const { alice } = sandbox.users
  const iam = await auth('/v3', byPassword(alice))
  const keystone = await auth('/identity/v3', byPassword(alice))
  expect((await send('GET', '/identity/v3/auth/projects', { 'x-auth-token': iam.subject })).status).toBe(401)
  expect((await send('GET', '/v3/auth/projects', { 'x-auth-token': keystone.subject })).status).toBe(401)
})

it('records every request without its secrets', async () => {
  const { sandbox, auth, send } = await startClient()
  const { alice } = sandbox.users
  const { subject } = await auth('/v3', byPassword(alice))
  await send('GET', `/v3/projects?name=${subject}`, { 'x-auth-token': subject })
  const at = expect.any(Number)
  expect(sandbox.requests).toEqual([
    { method: 'POST', path: '/v3/auth/tokens', region: 'eu-de', at },
    { method: 'GET', path: '/v3/projects', region: 'eu-de', at },
  ])
})
