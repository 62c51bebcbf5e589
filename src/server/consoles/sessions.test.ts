import pino from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RelayMessage } from '../../shared/relay-protocol.ts'
import { testAudit } from '../../testing/audit.ts'
import { ManualClock } from '../../testing/clock.ts'
import { resumeWith } from '../../testing/resume.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { parseConfig } from '../config.ts'
import { LineLogs } from '../line-log/line-logs.ts'
import type { LineStore } from '../line-log/store/store.ts'
import { Dialler } from '../outbound/dialler.ts'
import type { Identity } from '../sign-in/identity.ts'
import type { Holder } from './holder.ts'
import type { RecordingPort } from './session-recording.ts'
import { Sessions } from './sessions.ts'
import type { ViewerPort } from './viewer-port.ts'

function start(
  env: NodeJS.ProcessEnv = {},
  startRecording: (() => RecordingPort) | null = null,
  store: LineStore | null = null,
) {
  const { console: config } = parseConfig({ BMS_CONSOLE_TRANSPORT: 'relay', ...env })
  // Nothing listens there: these tests are about who may join, not about the line.
  const issueLink = vi.fn(async (_cloud: Cloud, serverId: string) => ({
    url: 'ws://127.0.0.1:9/',
    serverName: serverId,
    project: null,
  }))
  const audit = testAudit()
  const log = pino({ level: 'silent' })
  const clock = new ManualClock()
  const sessions = new Sessions({
    config,
    log,
    issueLink,
    reissueLink: async (cloud, serverId) => (await issueLink(cloud, serverId)).url,
    dialler: new Dialler(),
    recorder: startRecording && { settings: { mode: 'on-demand' }, start: startRecording },
    lineLogs: new LineLogs({ store, lastSeen: null, keptBytes: config.ringBytes, log, clock, wall: clock }),
    audit,
    clock,
  })
  onTestFinished(() => sessions.endAll({ cause: 'proxy-restarting' }))
  const cause = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof CloudError ? error.failure : error),
    )
  /** Asks for a ticket and joins with it. */
  const join = async (identity: Identity, server = 'web-1', tab = '1') => {
    const { session, ticket } = await sessions.ticket(server, identity)
    const connection = port()
    const resume = resumeWith(ticket, client(tab))
    const viewer = sessions.join(session, connection, resume, from(identity))
    if ('cause' in viewer) throw new Error(viewer.cause)
    const told = (type: RelayMessage['type']) =>
      connection.notify.mock.calls.map(([message]) => message).findLast((message) => message.type === type)
    return { ...viewer, session, told }
  }
  /** Turns the clock until it has happened: a lost line waits before it reconnects. */
  const passTimeUntil = (happened: () => boolean) =>
    vi.waitFor(
      () => {
        if (happened()) return
        clock.advance(1_000)
        throw new Error('It has not happened yet.')
      },
      { interval: 5, timeout: 4_000 },
    )
  return { sessions, issueLink, cause, audit, clock, join, passTimeUntil }
}

const from = (identity: Identity) => ({ identity, from: '192.0.2.1' })

function port() {
  return {
    send: vi.fn(),
    notify: vi.fn<ViewerPort['notify']>(),
    bufferedBytes: 0,
    close: vi.fn(),
  } satisfies ViewerPort
}

const client = (name: string) => name.padEnd(16, '-')

describe('console sessions', () => {
  it('are one for each server: who comes second shares the line, also when both come at once', async () => {
    const { sessions, issueLink } = start()
    const [first, second] = await Promise.all([
      sessions.ticket('web-1', person('ada')),
      sessions.ticket('web-1', person('bob')),
    ])
    const third = await sessions.ticket('web-1', person('cyd'))
    expect(new Set([first.session, second.session, third.session]).size).toBe(1)
    expect(new Set([first.ticket, second.ticket, third.ticket]).size).toBe(3)
    expect(issueLink).toHaveBeenCalledTimes(1)
    expect((await sessions.ticket('web-2', person('ada'))).session).not.toBe(first.session)
  })

  it('let in by ticket, once, and tell why not', async () => {
    const { sessions } = start()
    const { session, ticket } = await sessions.ticket('web-1', person('ada'))
    const resume = resumeWith(ticket, client('ada'))
    expect(sessions.join('another-session', port(), resume, from(person('ada')))).toMatchObject({
      cause: 'ticket-refused',
    })
    expect(sessions.join(session, port(), resume, from(person('ada')))).toHaveProperty('input')
    expect(sessions.join(session, port(), resume, from(person('ada')))).toMatchObject({
      cause: 'ticket-refused',
    })
  })

  it('tell who is on their lines, and since when', async () => {
    const { sessions, join, clock } = start()
    const inUse = () =>
      sessions.inUse().map(({ server, writer, viewers, forMs }) => [server.id, writer?.name, viewers, forMs])
    expect(inUse()).toEqual([])
    // A session that waits for its first viewer is no console in use.
    await sessions.ticket('web-2', person('eve'))
    expect(inUse()).toEqual([])
    const ada = await join(person('ada'), 'web-1', 'a')
    clock.advance(5_000)
    const bob = await join(person('bob'), 'web-1', 'b')
    clock.advance(5_000)
    expect(inUse()).toEqual([['web-1', 'ada', 2, 10_000]])
    bob.message({ type: 'take' })
    expect(inUse()).toEqual([['web-1', 'bob', 2, 5_000]])
    bob.message({ type: 'release' })
    expect(inUse()).toEqual([['web-1', undefined, 2, 10_000]])
    ada.left()
    clock.advance(1_000)
    expect(inUse()).toEqual([['web-1', undefined, 1, 6_000]])
    // After a reload it is the same tab, and has been there all the time.
    await join(person('ada'), 'web-1', 'a')
    bob.left()
    expect(inUse()).toEqual([['web-1', 'ada', 1, 11_000]])
  })

  it('of an earlier boot are refused for the restart, whatever the ticket', async () => {
    const before = await start().sessions.ticket('web-1', person('ada'))
    const { sessions, audit } = start()
    const { ticket } = await sessions.ticket('web-1', person('ada'))
    for (const shown of [before.ticket, ticket, 'guess']) {
      const resume = resumeWith(shown, client('ada'), { offset: 7 })
      expect(sessions.join(before.session, port(), resume, from(person('ada')))).toMatchObject({
        cause: 'proxy-restarted',
      })
    }
    expect(audit.events.at(-1)).toMatchObject({ action: 'open-console', cause: 'proxy-restarted' })
  })

  it('leave no trace where the cloud refused: the next one asks it anew', async () => {
    const { sessions, issueLink, cause } = start()
    issueLink.mockRejectedValueOnce(new CloudError({ cause: 'no-permission' }))
    expect(await cause(sessions.ticket('web-1', person('ada')))).toMatchObject({ cause: 'no-permission' })
    expect(await cause(sessions.ticket('web-1', person('ada')))).toBeNull()
  })

  it('are limited in all, and what there is can still be joined', async () => {
    const { sessions, issueLink, cause } = start({ BMS_CONSOLE_MAX_SESSIONS: '2' })
    await Promise.all([sessions.ticket('web-1', person('ada')), sessions.ticket('web-2', person('bob'))])
    expect(await cause(sessions.ticket('web-3', person('cyd')))).toEqual({
      cause: 'session-limit',
      detail: 'The limit is 2 (BMS_CONSOLE_MAX_SESSIONS).',
    })
    expect(issueLink).toHaveBeenCalledTimes(2)
    expect(await cause(sessions.ticket('web-2', person('cyd')))).toBeNull()
  })

  it('are limited for each user, and free again when one ends', async () => {
    const { sessions, cause } = start({ BMS_CONSOLE_MAX_SESSIONS_PER_USER: '1', BMS_CONSOLE_GRACE: '0' })
    const { session, ticket } = await sessions.ticket('web-1', person('ada'))
    expect(await cause(sessions.ticket('web-2', person('ada')))).toMatchObject({ cause: 'user-limit' })
    expect(await cause(sessions.ticket('web-2', person('bob')))).toBeNull()
    const viewer = sessions.join(session, port(), resumeWith(ticket, client('ada')), from(person('ada')))
    if ('cause' in viewer) throw new Error(viewer.cause)
    viewer.message({ type: 'end' })
    expect(await cause(sessions.ticket('web-3', person('ada')))).toBeNull()
  })

  it('are counted while they are being opened', async () => {
    const { sessions, issueLink, cause } = start({
      BMS_CONSOLE_MAX_SESSIONS: '20',
      BMS_CONSOLE_MAX_SESSIONS_PER_USER: '5',
    })
    const ask = (name: string) =>
      Promise.all(
        Array.from({ length: 30 }, (_, index) => cause(sessions.ticket(`${name}-${index}`, person(name)))),
      )
    const answers = await Promise.all(['ada', 'bob', 'cyd', 'dan', 'eve'].map(ask))
    expect(answers.map((each) => each.filter((failure) => failure === null).length)).toEqual([5, 5, 5, 5, 0])
    expect(answers[0]?.at(-1)).toMatchObject({ cause: 'user-limit' })
    expect(answers[4]?.[0]).toMatchObject({ cause: 'session-limit' })
    expect(issueLink).toHaveBeenCalledTimes(20)
    // None of them stays counted that the cloud refused.
    issueLink.mockRejectedValueOnce(new CloudError({ cause: 'no-permission' }))
    sessions.endAll({ cause: 'proxy-restarting' })
    expect(await cause(sessions.ticket('web-1', person('ada')))).toMatchObject({ cause: 'no-permission' })
    expect((await ask('ada')).filter((failure) => failure === null)).toHaveLength(5)
  })

  it('give each person a share of the places, and keep some for who may type', async () => {
    const { sessions } = start()
    const failures: (string | null)[] = []
    const join = async (name: string, role: 'viewer' | 'admin', count: number) => {
      failures.length = 0
      for (let tab = 0; tab < count; tab++) {
        const identity = person(name, role)
        const { session, ticket } = await sessions.ticket('web-1', identity)
        const resume = resumeWith(ticket, client(`${name}-${tab}`))
        const joined = sessions.join(session, port(), resume, from(identity))
        failures.push('cause' in joined ? joined.cause : null)
      }
      return failures.filter((failure) => failure === null).length
    }
    expect(await join('vic', 'viewer', 20)).toBe(10)
    expect(failures.at(-1)).toBe('user-limit')
    for (const name of ['wes', 'xia', 'yul', 'zoe']) await join(name, 'viewer', 10)
    expect(failures.filter((failure) => failure === null)).toHaveLength(5)
    expect(failures.at(-1)).toBe('viewer-limit')
    expect(await join('ann', 'admin', 10)).toBe(5)
  })

  it('give an address a share where nobody signs in', async () => {
    const { sessions } = start()
    const local = { ...person('Local user', 'admin'), signIn: null }
    local.user.id = 'service'
    const join = async (tab: number, address: string) => {
      const { session, ticket } = await sessions.ticket('web-1', local)
      const resume = resumeWith(ticket, client(`tab-${tab}`))
      return sessions.join(session, port(), resume, { identity: local, from: address })
    }
    for (let tab = 0; tab < 10; tab++) expect(await join(tab, '192.0.2.1')).toHaveProperty('input')
    expect(await join(10, '192.0.2.1')).toMatchObject({ cause: 'user-limit' })
    expect(await join(11, '192.0.2.2')).toHaveProperty('input')
  })

  it('are joined only so often by one person, and others do not suffer from it', async () => {
    const { sessions } = start()
    const join = async (name: string) => {
      const { session, ticket } = await sessions.ticket('web-1', person(name))
      return sessions.join(session, port(), resumeWith(ticket, client(name)), from(person(name)))
    }
    for (let count = 0; count < 30; count++) expect(await join('ada')).toHaveProperty('input')
    expect(await join('ada')).toMatchObject({ cause: 'too-many-requests', retryAfter: 5 })
    expect(await join('bob')).toHaveProperty('input')
  })

  it('are recorded anew only so often, however often they are ended and opened', async () => {
    const nothing = { output() {}, input() {}, marker() {}, resized() {}, retryNow() {}, async stop() {} }
    const recording = { id: '1', isOn: true, ...nothing }
    const startRecording = vi.fn((): RecordingPort => ({ ...recording, ended: new Promise(() => {}) }))
    const { join, clock } = start({}, startRecording)
    const toggle = async (server: string) => {
      const ada = await join(person('ada', 'admin'), server)
      for (let count = 0; count < 300; count++) {
        ada.message({ type: 'record', on: true })
        ada.message({ type: 'record', on: false })
      }
      ada.message({ type: 'end' })
    }
    for (let count = 0; count < 10; count++) await toggle('web-1')
    expect(startRecording).toHaveBeenCalledTimes(10)
    await toggle('web-2')
    expect(startRecording).toHaveBeenCalledTimes(20)
    clock.advance(10_000)
    await toggle('web-1')
    expect(startRecording).toHaveBeenCalledTimes(21)
  })

  it('have so many viewers and no more, but always room for one that comes back', async () => {
    const { sessions } = start({ BMS_CONSOLE_MAX_VIEWERS: '1' })
    const join = async (name: string) => {
      const { session, ticket } = await sessions.ticket('web-1', person(name))
      const resume = resumeWith(ticket, client(name))
      return sessions.join(session, port(), resume, from(person(name)))
    }
    expect(await join('ada')).toHaveProperty('input')
    expect(await join('bob')).toEqual({
      cause: 'viewer-limit',
      detail: 'The limit is 1 (BMS_CONSOLE_MAX_VIEWERS).',
    })
    expect(await join('ada')).toHaveProperty('input')
  })
})

/** A user with a cloud of their own, as in mode `iam`. */
const known = (name: string, role: 'viewer' | 'operator' = 'operator'): Identity => ({
  ...person(name, role, { ...silentCloud }),
  cloudDecides: true,
})

describe('who is in a session', () => {
  it('is known by the ticket: in the hands of another it opens nothing, and is used up', async () => {
    const { sessions, issueLink, audit } = start()
    const { session, ticket } = await sessions.ticket('web-1', person('ada'))
    const resume = resumeWith(ticket, client('ada'))
    for (const identity of [{ ...person('ada'), signIn: 'another' }, person('ada')]) {
      expect(sessions.join(session, port(), resume, from(identity))).toMatchObject({
        cause: 'ticket-refused',
      })
    }
    expect(issueLink).toHaveBeenCalledTimes(1)
    expect(audit.events).toMatchObject([
      { action: 'open-console', outcome: 'refused', cause: 'ticket-refused', session },
      { action: 'open-console', outcome: 'refused', cause: 'ticket-refused', session },
    ])
  })

  it('may do what the role says', async () => {
    const { join } = start()
    const viewer = await join(person('vic', 'viewer'))
    const admin = await join(person('ann', 'admin'))
    expect(viewer.told('hello')).toMatchObject({ may: { write: false, record: false, end: false } })
    expect(admin.told('hello')).toMatchObject({ may: { write: true, record: true, end: true } })
    expect(admin.told('viewers')).toMatchObject({
      viewers: [
        { name: 'vic', role: 'viewer', mayWrite: false, owner: true },
        { name: 'ann', role: 'writer', mayWrite: true, owner: false },
      ],
    })
  })

  it('does not get the keyboard of who had the same tab before', async () => {
    const { join } = start()
    const ada = await join(person('ada'))
    ada.left()
    const bob = await join(person('bob'))
    expect(bob.told('viewers')).toMatchObject({ viewers: [{ role: 'viewer', owner: false }] })
  })

  it('cannot be told apart under the local user: each tab is a person', async () => {
    const { join } = start()
    const local = { ...person('Local user', 'admin'), signIn: null }
    local.user.id = 'service'
    await join(local)
    const second = await join(local, 'web-1', '2')
    expect(second.told('viewers')).toMatchObject({ viewers: [{ number: 1 }, { number: 2, tab: 1 }] })
  })

  it('is in the audit log, with what was done and from where', async () => {
    const { join, audit } = start()
    const ada = await join(person('ada'))
    const vic = await join(person('vic', 'viewer'))
    vic.message({ type: 'take' })
    const ann = await join(person('ann', 'admin'))
    ann.message({ type: 'take' })
    ann.message({ type: 'end' })
    const told = audit.events.map(({ action, outcome, user }) => `${user?.name} ${action} ${outcome}`)
    expect(told).toEqual([
      'ada open-console done',
      'vic open-console done',
      'vic take-keyboard refused',
      'ann open-console done',
      'ann take-keyboard done',
      'ann end-session done',
      'ada close-console done',
      'vic close-console done',
      'ann close-console done',
    ])
    expect(audit.events[0]).toMatchObject({
      from: '192.0.2.1',
      user: { id: 'test:ada', name: 'ada' },
      server: { id: 'web-1', name: 'web-1' },
      session: ada.session,
    })
    expect(audit.events[6]).toMatchObject({ cause: 'operator-ended', bytesIn: 0, bytesOut: 0 })
  })
})

describe('where the cloud knows its users', () => {
  it('it is asked for each of them, also for a session that there is', async () => {
    const { sessions, issueLink, cause } = start()
    const [ada, bob] = [known('ada'), known('bob')]
    issueLink.mockImplementation(async (cloud, serverId) => {
      if (cloud === bob.cloud) throw new CloudError({ cause: 'no-permission', detail: 'not Bob' })
      return { url: 'ws://127.0.0.1:9/', serverName: serverId, project: null }
    })
    const first = await sessions.ticket('web-1', ada)
    expect(await cause(sessions.ticket('web-1', bob))).toEqual({ cause: 'no-permission', detail: 'not Bob' })
    expect((await sessions.ticket('web-1', ada)).session).toBe(first.session)
    expect(issueLink.mock.calls.map(([cloud]) => cloud)).toEqual([ada.cloud, bob.cloud, ada.cloud])
  })

  it('who comes at once with one who is refused is not refused with them', async () => {
    const { sessions, issueLink, cause } = start()
    const [ada, bob] = [known('ada'), known('bob')]
    issueLink.mockImplementation(async (cloud, serverId) => {
      if (cloud === bob.cloud) throw new CloudError({ cause: 'no-permission' })
      return { url: 'ws://127.0.0.1:9/', serverName: serverId, project: null }
    })
    const [refused, letIn] = await Promise.all([
      cause(sessions.ticket('web-1', bob)),
      cause(sessions.ticket('web-1', ada)),
    ])
    expect([refused, letIn]).toEqual([{ cause: 'no-permission' }, null])
  })
})

describe('a line that was lost', () => {
  // Nothing listens behind the link, so the line is lost at once and asks for a new one.
  const lose = (
    issueLink: ReturnType<typeof start>['issueLink'],
    answers: (cloud: Cloud) => CloudError | null,
  ) => {
    const asked: Cloud[] = []
    const issued: Cloud[] = []
    issueLink.mockImplementation(async (cloud) => {
      asked.push(cloud)
      const error = answers(cloud)
      if (error) throw error
      issued.push(cloud)
      return { url: 'ws://127.0.0.1:9/', serverName: 'web-1', project: null }
    })
    return { asked, issued }
  }

  it('comes back in the name of whoever types, or else of another who is there', async () => {
    const { issueLink, join, passTimeUntil } = start()
    const [vic, ada, bob] = [known('vic', 'viewer'), known('ada'), known('bob')]
    for (const identity of [vic, ada, bob]) await join(identity)
    const { asked, issued } = lose(issueLink, (cloud) => {
      if (cloud === ada.cloud) return new CloudError({ cause: 'signed-out' })
      return cloud === vic.cloud ? new CloudError({ cause: 'no-permission' }) : null
    })
    await passTimeUntil(() => issued.length > 0)
    expect(asked).toEqual([ada.cloud, vic.cloud, bob.cloud])
  })

  it('ends the session when the cloud gives it to nobody who is there, nor to who opened it', async () => {
    const { issueLink, join, passTimeUntil } = start()
    const [ada, bob] = [known('ada'), known('bob')]
    const viewer = await join(ada)
    const other = await join(bob)
    viewer.left()
    const { asked } = lose(
      issueLink,
      (cloud) =>
        new CloudError({ cause: 'no-permission', detail: cloud === ada.cloud ? 'not Ada' : 'not Bob' }),
    )
    await passTimeUntil(() => other.told('closing') !== undefined)
    expect(asked).toEqual([bob.cloud, ada.cloud])
    expect(other.told('closing')).toMatchObject({
      failure: { cause: 'no-permission', detail: 'not Ada' },
    })
  })

  it('is not asked for in the name of a sign-in that has ended', async () => {
    const { sessions, issueLink, join, passTimeUntil } = start()
    const [ada, bob] = [known('ada'), known('bob')]
    const viewer = await join(ada)
    const other = await join(bob)
    viewer.left('sign-in-needed')
    sessions.signInEnded('ada')
    const { asked } = lose(issueLink, () => new CloudError({ cause: 'no-permission' }))
    await passTimeUntil(() => other.told('closing') !== undefined)
    expect(asked).toEqual([bob.cloud])
  })
})

describe('sessions that are held', () => {
  const server = (id: string) => ({ id, name: id, project: null })
  const holder = (): Holder => ({
    identity: person('service'),
    opened() {},
    lost: () => ({ wait: 0, cancel() {} }),
    ended() {},
  })

  it('are one with those of people, whoever comes first, also when both come at once', async () => {
    const { sessions, issueLink } = start()
    const [, watched] = await Promise.all([
      sessions.hold(server('web-1'), holder()),
      sessions.ticket('web-1', person('ada')),
    ])
    expect((await sessions.ticket('web-1', person('bob'))).session).toBe(watched.session)
    const opened = await sessions.ticket('web-2', person('ada'))
    await sessions.hold(server('web-2'), holder())
    expect((await sessions.ticket('web-2', person('bob'))).session).toBe(opened.session)
    expect(issueLink).toHaveBeenCalledTimes(2)
  })

  it('take nobody’s place', async () => {
    const { sessions, cause } = start({
      BMS_CONSOLE_MAX_SESSIONS: '2',
      BMS_CONSOLE_MAX_SESSIONS_PER_USER: '1',
    })
    for (let n = 0; n < 5; n++) await sessions.hold(server(`web-${n}`), holder())
    expect(await cause(sessions.ticket('web-1', person('ada')))).toBeNull()
    expect(await cause(sessions.ticket('db-1', person('ada')))).toBeNull()
    expect(await cause(sessions.ticket('db-2', person('ada')))).toMatchObject({ cause: 'user-limit' })
    sessions.release('web-1')
    expect(await cause(sessions.ticket('db-2', person('bob')))).toMatchObject({ cause: 'session-limit' })
  })

  it('let in nobody whom the cloud refuses, where it knows its users', async () => {
    const { sessions, issueLink, cause } = start()
    await sessions.hold(server('web-1'), holder())
    const ada = { ...person('ada'), cloudDecides: true }
    issueLink.mockRejectedValueOnce(new CloudError({ cause: 'no-permission' }))
    expect(await cause(sessions.ticket('web-1', ada))).toMatchObject({ cause: 'no-permission' })
    expect(await cause(sessions.ticket('web-1', ada))).toBeNull()
    expect(issueLink.mock.calls.slice(1).map(([cloud]) => cloud)).toEqual([ada.cloud, ada.cloud])
  })

  it('outlast the sign-in of who opened them', async () => {
    const { sessions } = start()
    const before = await sessions.ticket('web-1', person('ada'))
    await sessions.hold(server('web-1'), holder())
    sessions.signInEnded('ada')
    expect((await sessions.ticket('web-1', person('bob'))).session).toBe(before.session)
  })

  it('leave no trace where the cloud refused', async () => {
    const { sessions, issueLink, cause } = start()
    issueLink.mockRejectedValueOnce(new CloudError({ cause: 'no-permission' }))
    expect(await cause(sessions.hold(server('web-1'), holder()))).toMatchObject({ cause: 'no-permission' })
    expect(await cause(sessions.hold(server('web-1'), holder()))).toBeNull()
  })
})
