import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ApiError, paths } from '../../shared/api.ts'
import { AuditList } from '../../shared/audit.ts'
import type { Role } from '../../shared/user.ts'
import { testApp } from '../../testing/app.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { CloudError } from '../clouds/cloud.ts'

const ORIGIN = 'https://console.test'
const headers = { host: 'console.test', origin: ORIGIN }

async function start(
  options: { role?: Role | null; env?: NodeJS.ProcessEnv; power?: () => Promise<string | null> } = {},
) {
  const { role = 'admin', env = {} } = options
  const cloud = { ...silentCloud, power: options.power ?? (async () => null) }
  const { app, audit } = await testApp({
    env: { BMS_CONSOLE_PUBLIC_ORIGINS: ORIGIN, ...env },
    cloud,
    signIn: (mode) => ({
      ...mode,
      identify: () => (role ? person('ada', role, cloud) : { cause: 'no-role' }),
    }),
  })
  const get = (url: string) => app.inject({ url, headers })
  const power = (id: string) =>
    app.inject({ method: 'POST', url: paths.power(id), headers, payload: { action: 'reboot' } })
  const list = async (query: Parameters<typeof paths.audit>[0] = {}) =>
    AuditList.parse((await get(paths.audit(query))).json())
  return { app, audit, get, power, list }
}

const ada = { id: 'test:ada', name: 'ada' }

describe('what is recorded', () => {
  it('is power, done or not', async () => {
    const done = await start()
    expect((await done.power('web-1')).statusCode).toBe(202)
    expect(done.audit.events).toMatchObject([
      { action: 'power', outcome: 'done', cause: null, user: ada, server: { id: 'web-1' }, detail: 'reboot' },
    ])
    for (const [cause, outcome] of [
      ['no-permission', 'refused'],
      ['cloud-timeout', 'failed'],
    ] as const) {
      const { audit, power } = await start({
        power: async () => {
          throw new CloudError({ cause, detail: 'the cloud said so' })
        },
      })
      await power('web-1')
      expect(audit.events).toMatchObject([
        { action: 'power', outcome, cause, durationMs: expect.any(Number) },
      ])
    }
  })

  it.each([
    ['viewer', 'POST', paths.power('web-1'), 'power', 'POST /api/servers/:id/power', 'web-1'],
    ['operator', 'GET', paths.audit({ user: 'x' }), 'read-audit', 'GET /api/audit', null],
  ] as const)('is what a %s may not do: %s %s', async (role, method, url, action, detail, server) => {
    const { app, audit } = await start({ role })
    const response = await app.inject({ method, url, headers, ...(method === 'POST' ? { payload: {} } : {}) })
    expect([response.statusCode, ApiError.parse(response.json()).error.cause]).toEqual([403, 'role-forbids'])
    expect(audit.events).toMatchObject([
      {
        action,
        outcome: 'refused',
        cause: 'role-forbids',
        user: ada,
        detail,
        server: server && { id: server },
      },
    ])
  })

  it('is whoever has no role, and not whoever may', async () => {
    const { audit, get } = await start({ role: null })
    expect((await get(paths.servers())).statusCode).toBe(403)
    expect((await get(paths.about())).statusCode).toBe(200)
    expect(audit.events).toMatchObject([
      { action: 'other', outcome: 'refused', cause: 'no-role', user: null, detail: 'GET /api/servers' },
    ])
    const viewer = await start({ role: 'viewer' })
    await viewer.get('/api/docs/json')
    expect(viewer.audit.events).toEqual([])
  })
})

describe('the audit log over HTTP', () => {
  it('comes in pages that stay right while more happens', async () => {
    const { audit, list, power } = await start()
    for (let index = 0; index < 60; index += 1) {
      audit.record('sign-in', { outcome: 'done', user: ada, from: 'a', detail: String(index) })
    }
    const first = await list()
    expect(first).toMatchObject({ complete: true, kept: 'memory', unwritten: 0 })
    expect(first.events.map(({ detail }) => Number(detail))).toEqual(
      Array.from({ length: 50 }, (_, index) => 59 - index),
    )
    await power('web-1')
    const second = await list({ before: first.older ?? '' })
    expect(second.events.map(({ detail }) => Number(detail))).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    expect(second.older).toBeNull()
  })

  it('is filtered', async () => {
    const { audit, list, power } = await start()
    audit.record('sign-in', { outcome: 'failed', user: null, from: 'a', time: '2026-01-01T00:00:00.000Z' })
    await power('web-1')
    await power('db-1')
    expect((await list({ server: 'DB' })).events).toHaveLength(1)
    expect((await list({ action: 'sign-in' })).events).toHaveLength(1)
    expect((await list({ user: 'ADA', outcome: 'done', action: 'power' })).events).toHaveLength(2)
    expect((await list({ to: '2026-01-01T00:00:00.001Z' })).events).toMatchObject([{ action: 'sign-in' }])
  })

  it('is an event each time that it is read, which the next reader sees', async () => {
    const { list } = await start()
    expect((await list()).events).toEqual([])
    expect((await list()).events).toMatchObject([
      { action: 'read-audit', outcome: 'done', user: ada, detail: 'page' },
    ])
  })

  it.each([
    'action=shrug',
    'from=yesterday',
    'before=../../etc/passwd',
    `user=${'x'.repeat(201)}`,
    'user=a&user=b',
  ])('refuses %s', async (query) => {
    const { get } = await start()
    const response = await get(`/api/audit?${query}`)
    expect([response.statusCode, ApiError.parse(response.json()).error.cause]).toEqual([400, 'bad-request'])
  })

  it('says that it is off', async () => {
    const { get, power } = await start({ env: { BMS_CONSOLE_AUDIT: 'off' } })
    expect((await power('web-1')).statusCode).toBe(202)
    for (const url of [paths.audit({}), paths.auditCsv({})]) {
      const response = await get(url)
      expect([response.statusCode, ApiError.parse(response.json()).error.cause]).toEqual([404, 'audit-off'])
    }
  })

  it('outlives the server where it is a file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'audit-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const env = { BMS_CONSOLE_AUDIT: 'file', BMS_CONSOLE_AUDIT_FILE: join(dir, 'audit.log') }
    const before = await start({ env })
    await before.power('web-1')
    await before.app.close()
    const { list, power } = await start({ env })
    await power('web-2')
    const { events, kept } = await list()
    expect(kept).toBe('file')
    expect(events.map(({ server }) => server?.id)).toEqual(['web-2', 'web-1'])
  })
})

describe('the audit log as CSV', () => {
  it('has every event that matches, and itself is an event', async () => {
    const { audit, get } = await start()
    for (let index = 0; index < 120; index += 1) {
      audit.record('power', { outcome: 'done', user: ada, from: 'a', durationMs: index })
    }
    const response = await get(paths.auditCsv({ action: 'power' }))
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': expect.stringMatching(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/),
      'cache-control': 'no-store',
    })
    const rows = response.body.split('\r\n')
    expect(rows[0]).toBe(
      'time,action,outcome,cause,user_id,user_name,from,server_id,server_name,session,duration_ms,bytes_in,bytes_out,detail,count,project_id,project_name',
    )
    expect(rows).toHaveLength(122)
    expect(rows[1]).toMatch(/^[^,]+Z,power,done,,test:ada,ada,a,,,,119,,,,1,,$/)
    expect(audit.events.at(-1)).toMatchObject({
      action: 'read-audit',
      outcome: 'done',
      user: ada,
      detail: 'csv',
    })
  })

  it('is no formula for a spreadsheet, and no break of its rows', async () => {
    const { audit, get } = await start()
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', 'a,"b"\r\nc', '1-1']) {
      audit.record('power', { outcome: 'done', user: { id: 'u', name }, from: 'a' })
    }
    const { body } = await get(paths.auditCsv({ action: 'power' }))
    const names = [...body.matchAll(/,done,,u,((?:"(?:[^"]|"")*")|[^,]*),a,,,,,,,,1,,\r\n/g)].map(
      ([, cell]) => cell,
    )
    expect(names.reverse()).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\tx",
      '"\'\rx"',
      '"a,""b""\r\nc"',
      '1-1',
    ])
  })
})
