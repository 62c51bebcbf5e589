import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { ApiError, IssuedConsole, type IssueRequest, paths } from '../../shared/api.ts'
import { Role } from '../../shared/user.ts'
import { testApp } from '../../testing/app.ts'
import { connectProxy } from '../../testing/outbound/connect-proxy.ts'
import { startGateway } from '../../testing/security/guarded-app.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import type { Cloud } from '../clouds/cloud.ts'

const TOKEN = 's3cr3t-token'
/** A name that no machine but the proxy could know */
const ELSEWHERE = 'gateway.test:8003'

interface Setup {
  /** The gateway, as the cloud names it */
  url: string
  env?: NodeJS.ProcessEnv
  pageOrigin?: string
}

async function start({ url, env = {}, pageOrigin = 'https://console.test' }: Setup) {
  const cloud = {
    ...silentCloud,
    getServer: vi.fn<Cloud['getServer']>(async (id) => testServer({ id, name: `name-of-${id}` })),
    remoteConsole: vi.fn<Cloud['remoteConsole']>(async () => `${url}/?token=${TOKEN}`),
  }
  const { app, audit, log } = await testApp({
    env: {
      BMS_CONSOLE_PUBLIC_ORIGINS: pageOrigin,
      BMS_CONSOLE_GATEWAYS: new URL(url).host,
      ...env,
    },
    cloud,
    signIn: (mode) => ({
      ...mode,
      identify({ headers: { 'x-test': asked } }) {
        const [name = '', role] = String(asked).split('/')
        return person(name, Role.parse(role), cloud)
      },
    }),
  })
  const ask = async (who = 'ada/operator', page: Partial<IssueRequest> = {}) => {
    const response = await app.inject({
      method: 'POST',
      url: paths.issueConsole('linux-1'),
      headers: { host: new URL(pageOrigin).host, origin: pageOrigin, 'x-test': who },
      payload: { client: who.replace('/', '-').padEnd(16, '-'), ask: true, ...page },
    })
    if (response.statusCode >= 400) return ApiError.parse(response.json()).error
    const issued = IssuedConsole.parse(response.json())
    if (issued.transport === 'relay') expect(response.body).not.toContain(TOKEN)
    return issued
  }
  return { app, ask, audit, log, asked: cloud.remoteConsole }
}

/** A gateway that browsers may reach, and this server's proxy does not. */
async function beyondProxy(answer: number, env: NodeJS.ProcessEnv = {}) {
  const proxy = await connectProxy({ answer })
  const server = await start({ url: `https://${ELSEWHERE}`, env: { HTTPS_PROXY: proxy.host, ...env } })
  return { ...server, proxy }
}

const direct = { transport: 'direct', url: `wss://${ELSEWHERE}/?token=${TOKEN}`, unreached: 'proxy-failed' }
const relay = { transport: 'relay' }

describe('with the transport auto, the console of a gateway that this server reaches', () => {
  it('is on the relay, by the link that was asked for once', async () => {
    const gateway = await startGateway([])
    const { ask, asked } = await start({ url: `http://${gateway}`, pageOrigin: 'http://localhost' })
    expect(await ask()).toMatchObject(relay)
    expect(await ask('bob/operator')).toMatchObject(relay)
    expect(asked).toHaveBeenCalledOnce()
  })
})

describe('with the transport auto, the console of a gateway that only the browser reaches', () => {
  it('is given to the browser, which is told why, and the audit log, too', async () => {
    const { ask, asked, audit, log, proxy } = await beyondProxy(502)
    expect(await ask()).toMatchObject(direct)
    expect(asked).toHaveBeenCalledOnce()
    expect(proxy.asked).toEqual([ELSEWHERE])
    expect(audit.events).toMatchObject([
      {
        action: 'open-console',
        outcome: 'done',
        user: { name: 'ada' },
        detail: 'direct: this server cannot reach the gateway (proxy-failed)',
      },
    ])
    expect(log.join('')).toContain(`could not connect to ${ELSEWHERE}`)
    expect(log.join('')).not.toContain(TOKEN)
  })

  it('is so where it refuses the connection of this server', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    closed.close()
    await once(closed, 'close')
    const { ask } = await start({ url: `http://127.0.0.1:${port}`, pageOrigin: 'http://localhost' })
    expect(await ask()).toMatchObject({ transport: 'direct', unreached: 'refused' })
  })

  it('is moved to the relay by a page whose line failed, with one more link, and stays there', async () => {
    const { ask, asked, log } = await beyondProxy(502)
    await ask()
    const failed = { relayOnly: { type: 'direct-failed', why: 'origin-refused' } } as const
    expect(await ask('ada/operator', failed)).toMatchObject(relay)
    expect(asked).toHaveBeenCalledTimes(2)
    expect(log.join('')).toMatch(/"why":"origin-refused".*a direct line failed/)
    // The session is there: it is joined, and by everybody.
    expect(await ask('ada/operator', { relayOnly: { type: 'relayed' } })).toMatchObject(relay)
    expect(await ask()).toMatchObject(relay)
    expect(await ask('bob/operator')).toMatchObject(relay)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is not moved for a reason that a page cannot have', async () => {
    const { app } = await beyondProxy(502)
    const response = await app.inject({
      method: 'POST',
      url: paths.issueConsole('linux-1'),
      headers: { host: 'console.test', origin: 'https://console.test', 'x-test': 'ada/operator' },
      payload: { client: 'x'.repeat(16), ask: true, relayOnly: { type: 'direct-failed', why: 'throttled' } },
    })
    expect(response.statusCode).toBe(400)
  })

  it('never goes to who came from the relay, or may only watch', async () => {
    const { ask, audit } = await beyondProxy(502)
    expect(await ask('ada/operator', { relayOnly: { type: 'relayed' } })).toMatchObject(relay)
    const other = await beyondProxy(502)
    expect(await other.ask('eve/viewer')).toMatchObject(relay)
    expect([...audit.events, ...other.audit.events]).toEqual([])
  })

  it.each([
    [{ BMS_CONSOLE_IDLE_LIMIT: '30' }],
    [{ BMS_CONSOLE_MAX_SESSIONS_PER_USER: '5' }],
    [{ BMS_CONSOLE_SHIP: 'stdout' }],
  ])('is on the relay where %o promises what only the relay keeps', async (env) => {
    const { ask, app, proxy } = await beyondProxy(502, env)
    expect(await ask()).toMatchObject(relay)
    expect(proxy.asked).toEqual([])
    const { headers } = await app.inject({ url: '/healthz' })
    expect(headers['content-security-policy']).toContain("connect-src 'self';")
  })

  it('asks first where another page was given the link', async () => {
    const { ask } = await beyondProxy(502)
    await ask()
    expect(await ask('bob/operator')).toMatchObject({ cause: 'in-use', inUseBy: { name: 'ada' } })
    expect(await ask('bob/operator', { ask: false })).toMatchObject(direct)
  })

  it('may be opened by the page, by its policy', async () => {
    const { app } = await beyondProxy(502)
    const { headers } = await app.inject({ url: '/healthz' })
    expect(headers['content-security-policy']).toContain(`connect-src 'self' wss://${ELSEWHERE} `)
  })
})

describe('with the transport auto, the console of a gateway', () => {
  it('stays on the relay where a proxy refuses this server: that is for the operator to mend', async () => {
    const { ask, asked } = await beyondProxy(403)
    expect(await ask()).toMatchObject(relay)
    expect(asked).toHaveBeenCalledOnce()
  })

  it('stays on the relay where no browser could open the link', async () => {
    const proxy = await connectProxy({ answer: 502 })
    const { ask } = await start({ url: `http://${ELSEWHERE}`, env: { HTTP_PROXY: proxy.host } })
    expect(await ask()).toMatchObject(relay)
    expect(proxy.asked).toEqual([])
  })
})

describe('a strict transport', () => {
  it.each([
    ['direct', 'direct'],
    ['relay', 'relay'],
  ])('%s stays, whatever the page says', async (setting, transport) => {
    const { ask } = await beyondProxy(502, { BMS_CONSOLE_TRANSPORT: setting })
    const issued = await ask('ada/operator', { relayOnly: { type: 'relayed' } })
    expect(issued).toMatchObject({ transport })
    expect(issued).not.toHaveProperty('unreached')
  })
})
