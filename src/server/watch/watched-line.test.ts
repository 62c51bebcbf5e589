import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { IssuedConsole, paths, ServerDetail, ServerList } from '../../shared/api.ts'
import { RELAY_SUBPROTOCOL } from '../../shared/relay-protocol.ts'
import { SignInState } from '../../shared/sign-in.ts'
import { listeningTestApp } from '../../testing/app.ts'
import { resumeWith } from '../../testing/resume.ts'
import { openSandbox } from '../clouds/sandbox.ts'

/** Machines boot, the cloud lists and lines open in their own time, beside other tests. */
const IN_TIME = { timeout: 30_000, interval: 50 }

async function start(env: NodeJS.ProcessEnv) {
  const sandbox = await startSandbox({ allowedOrigins: { includes: () => true }, bootSpeed: 1_000 })
  onTestFinished(() => sandbox.close())
  const { cloud, identityService } = openSandbox(sandbox, 'huawei')
  const started = await listeningTestApp({
    env: {
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_GATEWAYS: sandbox.gatewayHost,
      ...env,
    },
    cloud: cloud(),
    identityService: identityService(),
  })
  const headers: Record<string, string> = { host: new URL(started.origin).host, origin: started.origin }
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
    const response = await started.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    const cookie = response.cookies.find(({ name }) => name === 'bms-console')
    if (cookie) headers.cookie = `${cookie.name}=${cookie.value}`
    return response
  }
  const idOf = async (name: string) => {
    const { servers } = ServerList.parse((await ask('GET', paths.servers())).json())
    const server = servers.find((each) => each.name === name)
    if (!server) throw new Error(`no server ${name}`)
    return server.id
  }
  /** Opens the console as a page does. */
  const open = async (id: string) => {
    const issued = IssuedConsole.parse((await ask('POST', paths.issueConsole(id))).json())
    if (issued.transport !== 'relay') throw new Error('not a relay')
    const url = `${started.origin.replace('http', 'ws')}${paths.relay(issued.session)}`
    const socket = new WebSocket(url, RELAY_SUBPROTOCOL, { headers })
    onTestFinished(() => socket.terminate())
    let text = ''
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) text += data.toString()
    })
    await once(socket, 'open')
    socket.send(JSON.stringify(resumeWith(issued.ticket, 'a-page-of-a-person')))
    return { text: () => text, session: issued.session, leave: () => socket.close() }
  }
  const logged = (what: string, id: string) =>
    started.log.some((line) => line.includes(`"${what}"`) && line.includes(id))
  return { ...started, sandbox, ask, idOf, open, logged }
}

describe('a watched line', () => {
  it('keeps what was said with nobody there, for who joins it at once', async () => {
    const { ask, idOf, open, logged, sandbox } = await start({ BMS_CONSOLE_WATCH: 'name:web-*-01' })
    const id = await idOf('web-fra-01')
    await vi.waitFor(() => expect(logged('watch opened', id)).toBe(true), IN_TIME)
    expect(ServerDetail.parse((await ask('GET', paths.server(id))).json()).server.watched).toBe(true)
    const first = await open(id)
    await vi.waitFor(() => expect(first.text()).toContain('login:'), IN_TIME)
    expect(first.text()).toContain('Linux version')
    first.leave()
    const later = await open(id)
    expect(later.session).toBe(first.session)
    await vi.waitFor(() => expect(later.text()).toContain('login:'), IN_TIME)
    expect(sandbox.issuedTokens).toHaveLength(1)
  }, 60_000)

  it('is chosen by a person for longer than this server lives, and goes on where it was', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lines-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const env = { BMS_CONSOLE_WATCH: 'chosen', BMS_CONSOLE_LINE_LOG_DIR: dir }
    const first = await start(env)
    const id = await first.idOf('web-fra-01')
    await first.ask('PUT', paths.watch(id))
    await vi.waitFor(() => expect(first.logged('watch opened', id)).toBe(true), IN_TIME)
    const before = await first.open(id)
    await vi.waitFor(() => expect(before.text()).toContain('login:'), IN_TIME)
    await first.app.close()
    const second = await start(env)
    await vi.waitFor(() => expect(second.logged('watch opened', id)).toBe(true), IN_TIME)
    const after = await second.open(id)
    await vi.waitFor(() => expect(after.text().startsWith(before.text().slice(0, 1_000))).toBe(true), IN_TIME)
  }, 60_000)

  it('is chosen by a person, and left again', async () => {
    const { ask, idOf, logged, audit, sandbox } = await start({ BMS_CONSOLE_WATCH: 'chosen' })
    const id = await idOf('web-fra-01')
    expect((await ask('PUT', paths.watch(id))).statusCode).toBe(204)
    await vi.waitFor(() => expect(logged('watch opened', id)).toBe(true), IN_TIME)
    const watched = async () => {
      const { servers } = ServerList.parse((await ask('GET', paths.servers())).json())
      return servers.flatMap((server) => (server.watched ? [server.name] : []))
    }
    expect(await watched()).toEqual(['web-fra-01'])
    expect(sandbox.gatewayConnections()).toBe(1)
    expect((await ask('DELETE', paths.watch(id))).statusCode).toBe(204)
    expect(await watched()).toEqual([])
    expect((await ask('PUT', paths.watch('no-such-server'))).statusCode).toBe(404)
    expect(audit.events.filter(({ action }) => action.endsWith('-watching'))).toMatchObject([
      { action: 'start-watching', outcome: 'done', server: { id, name: 'web-fra-01' } },
      { action: 'stop-watching', outcome: 'done' },
      { action: 'start-watching', outcome: 'failed', cause: 'server-not-found' },
    ])
  }, 60_000)

  it('never costs more links than its budget', async () => {
    const { idOf, log, sandbox } = await start({
      BMS_CONSOLE_WATCH: 'all',
      BMS_CONSOLE_WATCH_LINKS_PER_HOUR: '3',
    })
    await idOf('web-fra-01')
    const opened = () => log.filter((line) => line.includes('"watch opened"')).length
    await vi.waitFor(() => expect(opened()).toBe(2), IN_TIME)
    // Half of three come at once, the third twenty minutes later.
    expect(sandbox.issuedTokens).toHaveLength(2)
  }, 60_000)

  it('is joined by a user of the cloud, who has the role of the server’s project there', async () => {
    const { ask, idOf, open, logged, sandbox } = await start({
      BMS_CONSOLE_SIGN_IN: 'iam',
      BMS_CONSOLE_OPERATOR_GROUPS: 'server_adm',
      BMS_CONSOLE_WATCH: 'web-fra-01',
    })
    const { domain, name: user, password } = sandbox.users.alice
    const answer = await ask('POST', paths.signInIam(), { method: 'password', domain, user, password })
    const state = SignInState.parse(answer.json())
    if (state.state !== 'choosing-projects') throw new Error(state.state)
    await ask('PUT', paths.signInProjects(), { projects: state.projects.map(({ key }) => key) })
    const id = await idOf('web-fra-01')
    await vi.waitFor(() => expect(logged('watch opened', id)).toBe(true), IN_TIME)
    const viewer = await open(id)
    await vi.waitFor(() => expect(viewer.text()).toContain('login:'), IN_TIME)
    expect(sandbox.gatewayConnections()).toBe(1)
  }, 60_000)
})
