import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { ApiError, paths, ServerList } from '../../shared/api.ts'
import { AuditList } from '../../shared/audit.ts'
import { OpenConsoles } from '../../shared/open-consoles.ts'
import { RecordingDetail, RecordingList, RecordingSearchEvent } from '../../shared/recording.ts'
import { SignInState } from '../../shared/sign-in.ts'
import { testApp } from '../../testing/app.ts'
import {
  newFolder,
  type Place,
  places,
  projectOf,
  projects,
  recordPlaces,
  serverOf,
  startTenants,
} from '../../testing/security/tenants.ts'
import { TestBrowser } from '../../testing/sign-in/browser.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { openSandbox } from '../clouds/sandbox.ts'

type Tenants = Awaited<ReturnType<typeof startTenants>>
type Asker = Awaited<ReturnType<Tenants['signIn']>>

/** How a request about a thing of each place ends, for who is reader in A and administrator in B. */
type Ends = Readonly<Record<Place, number | string>>

const statusOf = (response: { statusCode: number; json(): unknown }) => {
  if (response.statusCode < 400) return response.statusCode
  return `${response.statusCode} ${ApiError.parse(response.json()).error.cause}`
}

const recording = (method: 'GET' | 'DELETE', path: (id: string) => string) => {
  return async (ada: Asker, place: Place, { recordings }: Tenants) =>
    statusOf(await ada.ask(method, path(recordings[place])))
}
const noRecording = '404 recording-not-found'
const readable: Ends = { A: noRecording, B: 200, none: noRecording }

/** No line is kept here, so whoever may read one hears that. */
const logEnds: Ends = { A: '403 role-forbids', B: '404 log-off', none: '404 server-not-found' }
const log = (path: (id: string) => string) => async (ada: Asker, place: Place) =>
  statusOf(await ada.ask('GET', path(serverOf(place))))

/** Each request about one thing: how it is made, and how it ends. */
const matrix: Record<string, [(ada: Asker, place: Place, app: Tenants) => Promise<number | string>, Ends]> = {
  'GET /api/servers/:id': [
    async (ada, place) => statusOf(await ada.ask('GET', paths.server(serverOf(place)))),
    { A: 200, B: 200, none: '404 server-not-found' },
  ],
  'GET /api/servers/:id/attachments': [
    async (ada, place) => statusOf(await ada.ask('GET', paths.attachments(serverOf(place)))),
    { A: 200, B: 200, none: '404 server-not-found' },
  ],
  'POST /api/servers/:id/power': [
    async (ada, place) => statusOf(await ada.ask('POST', paths.power(serverOf(place)), { action: 'reboot' })),
    { A: '403 role-forbids', B: 202, none: '404 server-not-found' },
  ],
  'GET /api/servers/:id/power/:job': [
    async (ada, place) => statusOf(await ada.ask('GET', paths.powerJob(serverOf(place), 'job-1'))),
    { A: '403 role-forbids', B: 200, none: '404 server-not-found' },
  ],
  'PUT /api/servers/:id/watch': [
    async (ada, place) => statusOf(await ada.ask('PUT', paths.watch(serverOf(place)))),
    { A: '403 role-forbids', B: '400 bad-request', none: '404 server-not-found' },
  ],
  'DELETE /api/servers/:id/watch': [
    async (ada, place) => statusOf(await ada.ask('DELETE', paths.watch(serverOf(place)))),
    { A: '403 role-forbids', B: '400 bad-request', none: '404 server-not-found' },
  ],
  'POST /api/servers/:id/console': [
    async (ada, place) => statusOf(await ada.ask('POST', paths.issueConsole(serverOf(place)))),
    { A: 200, B: 200, none: '404 server-not-found' },
  ],
  'DELETE /api/servers/:id/console': [
    async (ada, place) =>
      statusOf(
        await ada.ask('DELETE', paths.issueConsole(serverOf(place)), '{"client":"ada-ada-ada-ada-ada"}'),
      ),
    { A: 204, B: 204, none: '404 server-not-found' },
  ],
  'GET /api/consoles/:session/relay': [
    async (ada, place) => {
      const session = place === 'none' ? { session: 'none', ticket: 'x' } : await ada.ticket(place)
      const { told, messages } = await ada.join(session)
      await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0))
      const [first] = messages
      if (first?.type === 'closing') return first.failure.cause
      const { may } = await told('hello')
      return Object.entries(may)
        .flatMap(([what, allowed]) => (allowed ? [what] : []))
        .join()
    },
    { A: '', B: 'write,record,end', none: 'ticket-refused' },
  ],
  'GET /api/servers/:id/activity': [
    async (ada, place) => statusOf(await ada.ask('GET', paths.activity(serverOf(place)))),
    { A: '403 role-forbids', B: 200, none: '404 server-not-found' },
  ],
  'GET /api/servers/:id/log': [log(paths.lineLog), logEnds],
  'GET /api/servers/:id/log/lines': [log((id) => paths.lineLogLines(id, {})), logEnds],
  'GET /api/servers/:id/log/raw': [log(paths.lineLogRaw), logEnds],
  'GET /api/servers/:id/log/follow': [log(paths.lineLogFollow), logEnds],
  'GET /api/servers/:id/log/search': [
    log((id) => paths.lineLogSearch(id, { text: 'panic', regex: false, matchCase: false })),
    logEnds,
  ],
  'GET /api/recordings/:id': [recording('GET', paths.recording), readable],
  'GET /api/recordings/:id/search': [
    recording('GET', (id) => paths.recordingSearch(id, { text: 'panic', regex: false, matchCase: false })),
    readable,
  ],
  'GET /api/recordings/:id/cast': [recording('GET', paths.recordingCast), readable],
  'GET /api/recordings/:id/text': [recording('GET', paths.recordingText), readable],
  'DELETE /api/recordings/:id': [
    recording('DELETE', paths.recording),
    { A: noRecording, B: 204, none: noRecording },
  ],
}

/** These show things of several places, or are about none. The tests below are about them. */
const others = [
  'GET /api/about',
  'GET /api/audit',
  'GET /api/audit.csv',
  'GET /api/consoles/open',
  'GET /api/embed/check',
  'GET /api/log/search',
  'GET /api/preferences',
  'GET /api/recordings',
  'GET /api/recordings/search',
  'GET /api/servers',
  'GET /api/servers/list',
  'GET /api/sign-in',
  'GET /api/sign-in/projects',
  'POST /api/embed/exchange',
  'POST /api/sign-in/iam',
  'POST /api/sign-out',
  'PUT /api/preferences',
  'PUT /api/sign-in/projects',
]

describe('who is reader in one project and administrator in another', () => {
  it('is asked about each route: one that is added must be added here', async () => {
    const { app } = await startTenants()
    const routes = [...app.accessTable.keys()].filter((route) => !/^(HEAD|OPTIONS) |\/api\/docs/.test(route))
    expect(routes.sort()).toEqual([...Object.keys(matrix), ...others].sort())
  })

  describe.each(Object.entries(matrix))('%s', (_, [ask, ends]) => {
    it.each(places)('about something of %s', async (place) => {
      const app = await startTenants()
      const ada = await app.signIn('ada')
      expect(await ask(ada, place, app)).toBe(ends[place])
    })
  })

  it('is refused before a body is read, and the cloud is told nothing', async () => {
    const { calls, signIn, audit } = await startTenants()
    const ada = await signIn('ada')
    await ada.ask('GET', paths.servers())
    const power = (place: Place) => ada.ask('POST', paths.power(serverOf(place)), '{not JSON')
    expect(statusOf(await power('A'))).toBe('403 role-forbids')
    expect(statusOf(await power('B'))).toBe('400 bad-request')
    expect(calls).toEqual([])
    expect(audit.events.at(-1)).toMatchObject({
      action: 'power',
      outcome: 'refused',
      cause: 'role-forbids',
      server: { id: serverOf('A') },
      project: projects.A,
    })
  })

  it('sees the servers of both, each with the role there', async () => {
    const { signIn } = await startTenants()
    const ada = await signIn('ada')
    const { servers } = ServerList.parse((await ada.ask('GET', paths.servers())).json())
    expect(servers.map(({ id, project, role }) => [id, project, role])).toEqual([
      [serverOf('A'), projects.A, 'viewer'],
      [serverOf('B'), projects.B, 'admin'],
    ])
  })

  it('lists and searches the recordings of the second only, and that is told to its administrators', async () => {
    const { signIn, audit } = await startTenants()
    const ada = await signIn('ada')
    const list = RecordingList.parse((await ada.ask('GET', paths.recordings({}))).json())
    expect(list.recordings.map(({ project, mayDelete }) => [project, mayDelete])).toEqual([
      [projects.B, true],
    ])
    expect(list.servers.map(({ id }) => id)).toEqual([serverOf('B')])
    const query = { text: 'panic', regex: false, matchCase: false }
    const found = (await ada.ask('GET', paths.recordingsSearch(query))).body
      .trim()
      .split('\n')
      .map((line) => RecordingSearchEvent.parse(JSON.parse(line)))
    expect(found.flatMap((event) => (event.type === 'hit' ? [event.recording.serverId] : []))).toEqual([
      serverOf('B'),
    ])
    expect(audit.events.filter(({ action }) => action === 'search-recordings')).toMatchObject([
      { user: { name: 'ada' }, project: projects.B },
    ])
  })

  it('hears of open consoles in both, and not where it has no role', async () => {
    const { signIn } = await startTenants()
    const [ada, ann, bob] = [await signIn('ada'), await signIn('ann'), await signIn('bob')]
    for (const [person, place] of [
      [ann, 'A'],
      [bob, 'B'],
    ] as const) {
      const viewer = await person.join(await person.ticket(place))
      await viewer.told('hello')
    }
    const heard = async (person: typeof ada) => {
      const { consoles } = OpenConsoles.parse((await person.ask('GET', paths.openConsoles())).json())
      return consoles.map(({ serverId, writer, yours }) => [serverId, writer, yours])
    }
    expect(await heard(ada)).toEqual([
      [serverOf('A'), 'ann', false],
      [serverOf('B'), 'bob', false],
    ])
    expect(await heard(ann)).toEqual([[serverOf('A'), 'ann', true]])
    expect(await heard(bob)).toEqual([[serverOf('B'), 'bob', true]])
  })

  it('reads what happened in the second only, on the page and as CSV', async () => {
    const { signIn, audit } = await startTenants()
    const ada = await signIn('ada')
    const { events } = AuditList.parse((await ada.ask('GET', paths.audit({}))).json())
    expect(events.map(({ detail }) => detail)).toEqual(['event of B'])
    const { body } = await ada.ask('GET', paths.auditCsv({}))
    expect(body).toContain('event of B')
    expect(body).not.toMatch(/event of (A|none)/)
    expect(body.trimEnd().split('\r\n')).toHaveLength(2)
    // Reading it belongs to no project.
    expect(audit.events.at(-1)).toMatchObject({ action: 'read-audit', detail: 'csv', project: null })
  })

  it('neither types, takes the keyboard, records nor ends in the first, and all of that is told', async () => {
    const { signIn, audit } = await startTenants()
    const [ada, ann] = [await signIn('ada'), await signIn('ann')]
    const owner = await ann.join(await ann.ticket('A'))
    await owner.told('hello')
    const watcher = await ada.join(await ada.ticket('A'))
    await watcher.told('hello')
    watcher.say({ type: 'take' })
    watcher.say({ type: 'record', on: true })
    watcher.say({ type: 'end' })
    const refused = () =>
      audit.events.flatMap(({ action, outcome, user, project }) =>
        outcome === 'refused' ? [[user?.name, action, project?.id]] : [],
      )
    await vi.waitFor(() =>
      expect(refused()).toEqual([
        ['ada', 'take-keyboard', projects.A.id],
        ['ada', 'start-recording', projects.A.id],
        ['ada', 'end-session', projects.A.id],
      ]),
    )
    expect(owner.messages.some(({ type }) => type === 'closing')).toBe(false)
  })

  it('ends what another has opened in the second', async () => {
    const { signIn } = await startTenants()
    const [ada, bob] = [await signIn('ada'), await signIn('bob')]
    const owner = await bob.join(await bob.ticket('B'))
    await owner.told('hello')
    const admin = await ada.join(await ada.ticket('B'))
    await admin.told('hello')
    admin.say({ type: 'end' })
    expect(await owner.told('closing')).toMatchObject({ failure: { cause: 'operator-ended' } })
  })

  it('gets a direct link, which can be typed into, in the second only', async () => {
    const env = { BMS_CONSOLE_TRANSPORT: 'direct', BMS_CONSOLE_RECORDINGS: 'off' }
    const { signIn, audit, calls } = await startTenants(env)
    const ada = await signIn('ada')
    const link = async (place: Place) => statusOf(await ada.ask('POST', paths.issueConsole(serverOf(place))))
    expect(await link('A')).toBe('403 role-forbids')
    expect(calls.filter((call) => call.includes('console'))).toEqual([])
    expect(await link('B')).toBe(200)
    expect(audit.events.filter(({ action }) => action === 'open-console')).toMatchObject([
      { outcome: 'refused', cause: 'role-forbids', server: { id: serverOf('A') }, project: projects.A },
      { outcome: 'done', server: { id: serverOf('B') }, project: projects.B },
    ])
  })

  it('has no embedded consoles: a portal lets people in with this server’s own account', async () => {
    const { signIn } = await startTenants()
    const ada = await signIn('ada')
    const exchange = await ada.ask('POST', paths.embedExchange(), { ticket: 'x' })
    expect(statusOf(exchange)).toBe('404 embed-off')
    expect((await ada.ask('GET', paths.embedCheck())).json()).toEqual({ enabled: false, allowed: false })
  })
})

describe('a recording that is made', () => {
  it('belongs to the project of its server', async () => {
    const { signIn, audit } = await startTenants()
    const bob = await signIn('bob')
    const viewer = await bob.join(await bob.ticket('B'))
    await viewer.told('hello')
    viewer.say({ type: 'record', on: true })
    const inTime = { timeout: 15_000 }
    await vi.waitFor(async () => expect(await viewer.told('recording')).toMatchObject({ on: true }), inTime)
    const started = audit.events.find(({ action }) => action === 'start-recording')
    expect(started).toMatchObject({ project: projects.B })
    // It is on a moment before its file is on the disk.
    const { recording: info } = await vi.waitFor(
      async () =>
        RecordingDetail.parse((await bob.ask('GET', paths.recording(started?.detail ?? ''))).json()),
      inTime,
    )
    expect(info.project).toEqual(projects.B)
    viewer.say({ type: 'end' })
    await vi.waitFor(
      () =>
        expect(audit.events.find(({ action }) => action === 'stop-recording')).toMatchObject({
          outcome: 'done',
          user: null,
          from: '',
          server: { id: serverOf('B') },
          project: projects.B,
          detail: `${info.id}: The session ended: operator-ended.`,
        }),
      inTime,
    )
  })
})

describe('a recording that the policy makes', () => {
  it('is told when it starts and when it ends, and nobody is said to have done it', async () => {
    const { signIn, audit } = await startTenants({ BMS_CONSOLE_RECORDINGS: 'always' })
    const bob = await signIn('bob')
    const viewer = await bob.join(await bob.ticket('B'))
    await viewer.told('hello')
    viewer.say({ type: 'end' })
    const byItself = { user: null, from: '', project: projects.B, server: { id: serverOf('B') } }
    await vi.waitFor(() =>
      expect(audit.events.filter(({ action }) => action.endsWith('-recording'))).toMatchObject([
        { ...byItself, action: 'start-recording' },
        { ...byItself, action: 'stop-recording' },
      ]),
    )
  })
})

describe.each(['huawei', 'openstack'] as const)('with the documented answers of %s', (kind) => {
  it('a role is that of each project’s token', async () => {
    const sandbox = await startSandbox({ allowedOrigins: [] })
    onTestFinished(() => sandbox.close())
    const { app } = await testApp({
      env: {
        BMS_CONSOLE_SIGN_IN: 'iam',
        BMS_CONSOLE_VIEWER_GROUPS: 'readonly,reader',
        BMS_CONSOLE_OPERATOR_GROUPS: 'server_adm,member',
      },
      identityService: openSandbox(sandbox, kind).identityService(),
    })
    const browser = new TestBrowser(app, { origin: 'https://console.test' })
    const { domain, name: user, password } = sandbox.users.alice
    const credentials = { method: 'password', domain, user, password }
    const state = SignInState.parse(
      (await browser.ask('POST', paths.signInIam(), { payload: credentials })).json(),
    )
    if (state.state !== 'choosing-projects') throw new Error(state.state)
    const keys = state.projects.map(({ key }) => key)
    await browser.ask('PUT', paths.signInProjects(), { payload: { projects: keys } })
    const { servers } = ServerList.parse((await browser.ask('GET', paths.servers())).json())
    const roles = new Map(servers.map(({ name, role }) => [name, role]))
    expect([roles.get('web-fra-01'), roles.get('lab-ams-01')]).toEqual(['operator', 'viewer'])
    const power = async (name: string) => {
      const id = servers.find((server) => server.name === name)?.id ?? ''
      return statusOf(await browser.ask('POST', paths.power(id), { payload: { action: 'reboot' } }))
    }
    expect([await power('web-fra-01'), await power('lab-ams-01')]).toEqual([202, '403 role-forbids'])
  })
})

describe('who administers the installation', () => {
  it('sees all recordings and the whole log, and is no more than a reader in a project', async () => {
    const { signIn, recordings, calls } = await startTenants()
    const ida = await signIn('ida')
    expect(SignInState.parse((await ida.ask('GET', paths.signIn())).json())).toMatchObject({
      user: { role: 'viewer', installationAdmin: true },
    })
    const list = RecordingList.parse((await ida.ask('GET', paths.recordings({}))).json())
    expect(list.recordings).toHaveLength(3)
    const { events } = AuditList.parse((await ida.ask('GET', paths.audit({}))).json())
    for (const place of places) expect(events.map(({ detail }) => detail)).toContain(`event of ${place}`)
    expect(statusOf(await ida.ask('DELETE', paths.recording(recordings.none)))).toBe(204)
    const power = await ida.ask('POST', paths.power(serverOf('A')), { action: 'reboot' })
    expect(statusOf(power)).toBe('403 role-forbids')
    expect(calls.filter((call) => call.includes('power'))).toEqual([])
    const watcher = await ida.join(await ida.ticket('A'))
    expect(await watcher.told('hello')).toMatchObject({ may: { write: false, record: false, end: false } })
  })

  it('is nobody where the setting names nobody', async () => {
    const { signIn } = await startTenants({ BMS_CONSOLE_INSTALLATION_ADMINS: '' })
    const ida = await signIn('ida')
    for (const url of [paths.recordings({}), paths.audit({}), paths.auditCsv({})])
      expect(statusOf(await ida.ask('GET', url)), url).toBe('403 role-forbids')
  })
})

describe('a project in which somebody has no role', () => {
  it('is missing from the list, with the reason, and gives nothing', async () => {
    const { signIn, calls } = await startTenants({ BMS_CONSOLE_VIEWER_GROUPS: 'nobody' })
    const nora = await signIn('nora')
    const list = ServerList.parse((await nora.ask('GET', paths.servers())).json())
    expect(list.servers.map(({ id }) => id)).toEqual([serverOf('A')])
    expect(list.missing).toMatchObject([{ where: 'B', failure: { cause: 'no-role' } }])
    expect(statusOf(await nora.ask('POST', paths.issueConsole(serverOf('B'))))).toBe('403 no-role')
    expect(calls.filter((call) => call.startsWith('B'))).toEqual([])
  })
})

describe('where one account serves everybody (service, oidc)', () => {
  it.each([
    ['operator', [200, '403 role-forbids', '403 role-forbids']],
    ['admin', [200, 200, 204]],
  ] as const)('the role %s holds for every project and for what belongs to none', async (role, ends) => {
    const dir = await newFolder()
    const recordings = await recordPlaces(dir)
    const { app, audit } = await testApp({
      env: {
        BMS_CONSOLE_TRANSPORT: 'relay',
        BMS_CONSOLE_RECORDINGS: 'on-demand',
        BMS_CONSOLE_RECORDINGS_DIR: dir,
        BMS_CONSOLE_RECORDING_DELETE: 'true',
      },
      signIn: (mode) => ({ ...mode, identify: () => person('opal', role) }),
    })
    const headers = { host: 'console.test', origin: 'https://console.test' }
    const ask = async (method: 'GET' | 'DELETE', url: string) =>
      statusOf(await app.inject({ method, url, headers }))
    const response = await app.inject({ url: paths.recordings({}), headers })
    expect(RecordingList.parse(response.json()).recordings).toHaveLength(3)
    for (const place of places) {
      audit.record('power', { outcome: 'done', user: null, from: 'a', project: projectOf(place) })
      const id = recordings[place]
      expect([
        await ask('GET', paths.recordingText(id)),
        await ask('GET', paths.audit({})),
        await ask('DELETE', paths.recording(id)),
      ]).toEqual(ends)
    }
  })
})
