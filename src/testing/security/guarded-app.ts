import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Cloud, CloudError } from '../../server/clouds/cloud.ts'
import type { CloudAccount, IdentityService } from '../../server/clouds/identity-service.ts'
import { IssuedConsole, paths } from '../../shared/api.ts'
import { RELAY_SUBPROTOCOL, RelayMessage } from '../../shared/relay-protocol.ts'
import { listeningTestApp } from '../app.ts'
import { ManualClock } from '../clock.ts'
import { resumeWith } from '../resume.ts'
import { testServer } from '../server.ts'
import { nothingAttached } from '../sign-in/identity.ts'

/** No answer and no log may hold these. */
export const secrets = {
  password: 'correct-horse-battery-staple',
  code: '314159',
  consoleToken: 'c0ffee00-console-token-4b1d-8e2f',
}

const server = testServer({ id: 'linux-1', name: 'linux-1' })

/** A serial gateway that repeats what is typed. */
export async function startGateway(calls: string[]) {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) => {
    calls.push('gateway')
    socket.on('message', (data) => socket.send(data, { binary: true }))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    http.close()
  })
  return `127.0.0.1:${(http.address() as AddressInfo).port}`
}

/** The cloud with its users: ada, whose project has one server. Each call upstream is noted. */
function startCloud(gateway: string, calls: string[]): IdentityService {
  const noted = <T>(call: string, answer: T): Promise<T> => {
    calls.push(call)
    return Promise.resolve(answer)
  }
  const cloud: Cloud = {
    listServers: () => noted('list', { servers: [server], missing: [] }),
    getServer: (id) => noted('server', { ...server, id }),
    attachments: () => noted('attachments', nothingAttached),
    remoteConsole: () => noted('console', `http://${gateway}/?token=${secrets.consoleToken}`),
    power: () => noted('power', null),
    powerJob: () => noted('job', { state: 'running' as const }),
    async close() {},
  }
  const account: CloudAccount = {
    user: { id: 'iam:acme/ada', name: 'ada' },
    kept: { token: 'token of ada', pasted: false },
    leftMs: () => Number.POSITIVE_INFINITY,
    projects: async () => [{ key: 'p1', name: 'eu-de', region: 'eu-de' }],
    open: async () => [
      { where: 'eu-de', project: { id: 'p1', name: 'eu-de' }, cloud, roles: () => ['te_admin'] },
    ],
    async close() {},
    async leave() {},
  }
  return {
    name: 'Test',
    domain: null,
    domainTerm: 'account',
    async signIn(credentials) {
      calls.push('sign-in')
      const right =
        credentials.method === 'password' &&
        credentials.user === 'ada' &&
        credentials.password === secrets.password
      if (!right) throw new CloudError({ cause: 'credentials-refused' })
      return account
    },
    resume: async () => account,
    async close() {},
  }
}

/** The whole server over the relay in mode `iam`, listening, with a browser's worth of helpers. */
export async function startGuardedApp() {
  const calls: string[] = []
  const gateway = await startGateway(calls)
  const clock = new ManualClock(Date.now())
  const { app, origin, log, audit } = await listeningTestApp({
    env: {
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_GATEWAYS: gateway,
      BMS_CONSOLE_SIGN_IN: 'iam',
      BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
      BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: '1000000',
      BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
      // The one user is an admin, so no role refuses a route before it is reached.
      BMS_CONSOLE_ADMIN_GROUPS: 'te_admin',
    },
    identityService: startCloud(gateway, calls),
    clock,
  })
  const { host } = new URL(origin)
  const headers = { host, origin }

  /** @returns the cookie that a browser would send */
  async function signIn(): Promise<string> {
    const response = await app.inject({
      method: 'POST',
      url: paths.signInIam(),
      headers,
      payload: { method: 'password', domain: 'acme', user: 'ada', password: secrets.password },
    })
    const cookie = response.cookies.find(({ name }) => name === 'bms-console')
    if (!cookie) throw new Error(`no sign-in: ${response.body}`)
    return `${cookie.name}=${cookie.value}`
  }

  async function ticket(cookie: string) {
    const response = await app.inject({
      method: 'POST',
      url: paths.issueConsole('linux-1'),
      headers: { ...headers, cookie },
    })
    const issued = IssuedConsole.parse(response.json())
    if (issued.transport !== 'relay') throw new Error('not a relay')
    return issued
  }

  /** Lets the limits of a person's joins and the like recover. */
  const passes = (ms: number) => clock.advance(ms)
  return { app, host, origin, headers, calls, log, audit, signIn, ticket, passes }
}

export type GuardedApp = Awaited<ReturnType<typeof startGuardedApp>>

/** What came of a WebSocket: refused with an HTTP status, or open and then told something. */
export type Upgrade = { refused: number } | { said: RelayMessage }

/** Opens a viewer's WebSocket as a browser would, with what an attacker may change. */
export function upgrade(
  { host }: GuardedApp,
  issued: { session: string; ticket: string },
  headers: Record<string, string>,
): Promise<Upgrade> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}${paths.relay(issued.session)}`, RELAY_SUBPROTOCOL, { headers })
    const done = (result: Upgrade) => {
      resolve(result)
      socket.terminate()
    }
    socket.on('unexpected-response', (_request, response) => done({ refused: response.statusCode ?? 0 }))
    socket.on('open', () => socket.send(JSON.stringify(resumeWith(issued.ticket, 'client-of-the-test'))))
    socket.once('message', (data: Buffer) => done({ said: RelayMessage.parse(JSON.parse(data.toString())) }))
    socket.on('error', reject)
  })
}
