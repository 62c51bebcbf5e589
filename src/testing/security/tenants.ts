import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Cloud, CloudError } from '../../server/clouds/cloud.ts'
import type { CloudAccount, IdentityService, OpenedProject } from '../../server/clouds/identity-service.ts'
import { Recorder } from '../../server/recordings/recorder.ts'
import { IssuedConsole, paths } from '../../shared/api.ts'
import { RELAY_SUBPROTOCOL, RelayMessage, type ViewerMessage } from '../../shared/relay-protocol.ts'
import type { ProjectRef } from '../../shared/server.ts'
import { listeningTestApp } from '../app.ts'
import { record } from '../recordings/recorded-line.ts'
import { resumeWith } from '../resume.ts'
import { testServer } from '../server.ts'
import { nothingAttached } from '../sign-in/identity.ts'
import { startGateway } from './guarded-app.ts'

/** Where a thing belongs: to one of two projects, or to none. */
export const places = ['A', 'B', 'none'] as const
export type Place = (typeof places)[number]

export const projects: Readonly<Record<'A' | 'B', { id: string; name: string }>> = {
  A: { id: 'id-a', name: 'team-a' },
  B: { id: 'id-b', name: 'team-b' },
}
export const projectOf = (place: Place): ProjectRef | null => (place === 'none' ? null : projects[place])
export const serverOf = (place: Place) => `server-${place.toLowerCase()}`

/** What each person is in each project, by the cloud's names of roles. */
const people: Readonly<Record<string, Partial<Record<'A' | 'B', 'reader' | 'member' | 'admin'>>>> = {
  /** Reader in one project and administrator in the other: neither counts in the other. */
  ada: { A: 'reader', B: 'admin' },
  ann: { A: 'admin' },
  bob: { B: 'member' },
  /** Administers the installation, and is not more than a reader in a project. */
  ida: { A: 'reader' },
  /** Nothing that she is in B has a role here. */
  nora: { A: 'member', B: 'reader' },
}

/** Two tenants. Each call upstream is noted, with the project whose token it had. */
function startCloud(gateway: string, calls: string[]): IdentityService {
  const open = (place: 'A' | 'B', role: string): OpenedProject => {
    const server = testServer({ id: serverOf(place), name: serverOf(place) })
    const only = async <T>(what: string, id: string, answer: T): Promise<T> => {
      if (id !== server.id) throw new CloudError({ cause: 'server-not-found' })
      calls.push(`${place} ${what} ${id}`)
      return answer
    }
    const cloud: Cloud = {
      listServers: async () => ({ servers: [server], missing: [] }),
      getServer: (id) => only('get', id, server),
      attachments: (id) => only('attachments', id, nothingAttached),
      remoteConsole: (id) => only('console', id, `http://${gateway}/?token=${place}`),
      power: (id) => only('power', id, null),
      powerJob: (id) => only('job', id, { state: 'running' }),
      async close() {},
    }
    return { where: place, project: projects[place], cloud, roles: () => [role] }
  }
  return {
    name: 'Test',
    domain: null,
    domainTerm: 'account',
    async signIn(credentials) {
      if (credentials.method !== 'password') throw new CloudError({ cause: 'credentials-refused' })
      return accountOf(credentials.user)
    },
    resume: async ({ token }) => accountOf(token),
    async close() {},
  }

  function accountOf(user: string): CloudAccount {
    const roles = people[user] ?? {}
    const member = (['A', 'B'] as const).filter((place) => roles[place] !== undefined)
    return {
      user: { id: `iam:acme/${user}`, name: user },
      kept: { token: user, pasted: false },
      leftMs: () => Number.POSITIVE_INFINITY,
      projects: async () => member.map((key) => ({ key, name: projects[key].name, region: null })),
      open: async (keys) =>
        member.filter((key) => keys.includes(key)).map((key) => open(key, roles[key] ?? '')),
      async close() {},
      async leave() {},
    }
  }
}

/** The whole server in mode `iam`, with a recording and an event of each place. */
export async function startTenants(env: NodeJS.ProcessEnv = {}) {
  const calls: string[] = []
  const gateway = await startGateway([])
  const dir = await newFolder()
  const recordings = await recordPlaces(dir)
  const { app, origin, audit } = await listeningTestApp({
    env: {
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_GATEWAYS: gateway,
      BMS_CONSOLE_SIGN_IN: 'iam',
      BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
      BMS_CONSOLE_VIEWER_GROUPS: 'reader',
      BMS_CONSOLE_OPERATOR_GROUPS: 'member',
      BMS_CONSOLE_ADMIN_GROUPS: 'admin',
      BMS_CONSOLE_INSTALLATION_ADMINS: 'iam:acme/ida',
      BMS_CONSOLE_RECORDINGS: 'on-demand',
      BMS_CONSOLE_RECORDINGS_DIR: dir,
      BMS_CONSOLE_RECORDING_DELETE: 'true',
      ...env,
    },
    identityService: startCloud(gateway, calls),
  })
  for (const place of places)
    audit.record('power', {
      outcome: 'done',
      user: { id: 'u', name: 'earlier' },
      from: 'a',
      project: projectOf(place),
      detail: `event of ${place}`,
    })
  const { host } = new URL(origin)
  const headers = { host, origin }

  /** Signs somebody in, with all of their projects. */
  async function signIn(user: keyof typeof people) {
    const send = async (method: 'POST' | 'PUT', url: string, payload: object, cookie?: string) => {
      const response = await app.inject({
        method,
        url,
        headers: { ...headers, ...(cookie ? { cookie } : {}) },
        payload,
      })
      if (response.statusCode !== 200) throw new Error(`not signed in: ${response.body}`)
      const set = response.cookies.find(({ name }) => name === 'bms-console')
      return set ? `${set.name}=${set.value}` : cookie
    }
    const credentials = { method: 'password', domain: 'acme', user, password: 'right' }
    let cookie = await send('POST', paths.signInIam(), credentials)
    const mine = Object.keys(people[user] ?? {})
    if (mine.length > 1) cookie = await send('PUT', paths.signInProjects(), { projects: mine }, cookie)
    return person(cookie ?? '')
  }

  function person(cookie: string) {
    const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object | string) =>
      app.inject({
        method,
        url,
        headers: { ...headers, cookie, ...(typeof payload === 'string' ? json : {}) },
        ...(payload === undefined ? {} : { payload }),
      })
    const ticket = async (place: Place) => {
      const issued = IssuedConsole.parse((await ask('POST', paths.issueConsole(serverOf(place)))).json())
      if (issued.transport !== 'relay') throw new Error('not a relay')
      return issued
    }
    /** Joins with a ticket. */
    const join = async (issued: { session: string; ticket: string }) => {
      const url = `ws://${host}${paths.relay(issued.session)}`
      const socket = new WebSocket(url, RELAY_SUBPROTOCOL, { headers: { ...headers, cookie } })
      const messages: RelayMessage[] = []
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) messages.push(RelayMessage.parse(JSON.parse(data.toString())))
      })
      await once(socket, 'open')
      onTestFinished(() => socket.terminate())
      const say = (message: ViewerMessage) => socket.send(JSON.stringify(message))
      const client = `${cookie}-----------------`.replace(/[^\w-]/g, '').slice(-32)
      say(resumeWith(issued.ticket, client))
      const told = <T extends RelayMessage['type']>(type: T) =>
        vi.waitFor(() => {
          const found = messages.findLast(
            (message): message is Extract<RelayMessage, { type: T }> => message.type === type,
          )
          if (!found) throw new Error(`not told ${type}, but ${messages.map((each) => each.type).join(', ')}`)
          return found
        })
      return { say, told, messages }
    }
    return { ask, ticket, join }
  }

  return { app, audit, calls, recordings, signIn }
}

const json = { 'content-type': 'application/json' }

export async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tenants-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/**
 * A recording of each place. The one of none is from before projects were kept.
 * @returns their ids
 */
export async function recordPlaces(dir: string): Promise<Record<Place, string>> {
  const recorder = await Recorder.open({
    settings: { mode: 'on-demand', dir, maxMib: 1, totalMib: 10, days: 30, input: false, mayDelete: true },
    log: { info() {}, warn() {}, error() {} },
  })
  const made = async (place: Place) => {
    const recording = await record(recorder, {
      serverId: serverOf(place),
      serverName: serverOf(place),
      project: projectOf(place),
      sessionId: 'earlier',
      startedBy: 'earlier',
      startedById: 'u',
    })
    recording.output(Buffer.from('kernel panic\r\n'))
    await recording.stop()
    return recording.id
  }
  const ids = { A: await made('A'), B: await made('B'), none: await made('none') }
  await recorder.close()
  const path = join(dir, `${ids.none}.json`)
  const { project: _, ...older } = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify(older))
  return ids
}
