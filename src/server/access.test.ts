import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import type { Permission, Role } from '../shared/user.ts'
import { roleMay } from '../shared/user.ts'
import { testAudit } from '../testing/audit.ts'
import { startGuardedApp } from '../testing/security/guarded-app.ts'
import { person } from '../testing/sign-in/identity.ts'
import { guardAccess } from './access.ts'
import { answerError } from './http-errors.ts'
import type { SignInMode } from './sign-in/mode.ts'

const permissions: Permission[] = [
  'list',
  'open',
  'write',
  'power',
  'record',
  'watch',
  'end-others',
  'read-log',
  'read-recordings',
  'read-console-history',
  'delete-recordings',
  'read-audit',
]

/** A server whose caller has this role; null: nobody is signed in. */
function app(role: Role | null) {
  const mode: SignInMode = {
    identify: () => (role ? person('ada', role) : { cause: 'sign-in-needed' }),
    state: () => {
      throw new Error('not asked for')
    },
    signOut: async () => ({ user: null, answer: { continueAt: null } }),
    onEnded() {},
    async close() {},
  }
  const server = Fastify()
  server.setErrorHandler(answerError)
  const audit = testAudit()
  guardAccess(server, mode, audit)
  return { server, audit }
}

describe('a route of the API', () => {
  it('cannot be registered without whom it is for', () => {
    expect(() => app('admin').server.get('/api/new', async () => 'open')).toThrow(
      'the route GET /api/new does not say whom it is for',
    )
  })

  it.each([
    ['viewer', ['list', 'open']],
    [
      'operator',
      [
        'list',
        'open',
        'write',
        'power',
        'record',
        'watch',
        'read-log',
        'read-recordings',
        'read-console-history',
      ],
    ],
    ['admin', permissions],
  ] as const)('lets a %s have what the role gives, and nothing else', async (role, granted) => {
    const { server, audit } = app(role)
    for (const permission of permissions)
      server.get(`/api/${permission}`, { config: { access: permission } }, async () => 'done')
    const answers = await Promise.all(permissions.map((permission) => server.inject(`/api/${permission}`)))
    const allowed = permissions.filter((_, index) => answers[index]?.statusCode === 200)
    expect(allowed).toEqual(granted)
    expect(answers.filter(({ statusCode }) => statusCode === 403)).toHaveLength(
      permissions.length - granted.length,
    )
    expect(allowed).toEqual(permissions.filter((permission) => roleMay(role, permission)))
    expect(audit.events.map(({ cause }) => cause)).toEqual(
      permissions.filter((permission) => !roleMay(role, permission)).map(() => 'role-forbids'),
    )
  })

  it('is closed to whoever is not signed in, before its body is read', async () => {
    const { server } = app(null)
    server.post('/api/some', { config: { access: 'signed-in' } }, async () => 'done')
    const response = await server.inject({
      method: 'POST',
      url: '/api/some',
      headers: { 'content-type': 'application/json' },
      payload: '{not JSON',
    })
    expect(response.statusCode).toBe(401)
  })
})

/** Who may what: a route that is added must be added here, by somebody who thought of it. */
it('the table of all routes', async () => {
  const { app } = await startGuardedApp()
  const table = [...app.accessTable].filter(([route]) => !/^(HEAD|OPTIONS) |\/api\/docs/.test(route))
  expect(Object.fromEntries(table.filter(([route]) => !route.includes('/api/recordings')))).toEqual({
    'DELETE /api/servers/:id/console': 'open',
    'DELETE /api/servers/:id/watch': 'watch',
    'GET /api/about': 'anyone',
    'GET /api/audit': 'read-audit',
    'GET /api/audit.csv': 'read-audit',
    'GET /api/consoles/:session/relay': 'open',
    'GET /api/consoles/open': 'open',
    'GET /api/embed/check': 'anyone',
    'GET /api/log/search': 'read-log',
    'GET /api/preferences': 'signed-in',
    'GET /api/servers': 'list',
    'GET /api/servers/:id': 'list',
    'GET /api/servers/:id/attachments': 'list',
    'GET /api/servers/:id/power/:job': 'power',
    'GET /api/servers/:id/activity': 'read-console-history',
    'GET /api/servers/:id/log': 'read-log',
    'GET /api/servers/:id/log/follow': 'read-log',
    'GET /api/servers/:id/log/lines': 'read-log',
    'GET /api/servers/:id/log/raw': 'read-log',
    'GET /api/servers/:id/log/search': 'read-log',
    'GET /api/servers/list': 'list',
    'GET /api/sign-in': 'anyone',
    'GET /api/sign-in/projects': 'anyone',
    'POST /api/embed/exchange': 'anyone',
    'POST /api/servers/:id/console': 'open',
    'POST /api/servers/:id/power': 'power',
    'POST /api/sign-in/iam': 'anyone',
    'POST /api/sign-out': 'anyone',
    'PUT /api/preferences': 'signed-in',
    'PUT /api/servers/:id/watch': 'watch',
    'PUT /api/sign-in/projects': 'anyone',
  })
})
