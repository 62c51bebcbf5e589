import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Cloud } from '../../server/clouds/cloud.ts'
import { IssuedConsole, pathsBelow } from '../../shared/api.ts'
import { EmbedGrant } from '../../shared/embed.ts'
import { BEARER_SUBPROTOCOL, RELAY_SUBPROTOCOL, RelayMessage } from '../../shared/relay-protocol.ts'
import { listeningTestApp } from '../app.ts'
import { ManualClock } from '../clock.ts'
import { resumeWith } from '../resume.ts'
import { testServer } from '../server.ts'
import { silentCloud } from '../sign-in/identity.ts'
import { CONSOLE, claims, hs256, jws, PORTAL, SECRET } from './portal.ts'

const serverOf = (id: string) => testServer({ id, name: `name-of-${id}` })

/** For tests: the whole server, which a portal embeds; whoever comes without a bearer is the local user, an admin. */
export async function startEmbedded(env: NodeJS.ProcessEnv = {}) {
  const paths = pathsBelow(env.BMS_CONSOLE_BASE_PATH ?? '')
  const gateway = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  gateway.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: true })))
  await once(gateway, 'listening')
  const gatewayHost = `127.0.0.1:${(gateway.address() as AddressInfo).port}`
  const cloud = {
    ...silentCloud,
    listServers: vi.fn<Cloud['listServers']>(async () => ({
      servers: [serverOf('linux-1'), serverOf('linux-2')],
      missing: [],
    })),
    getServer: vi.fn<Cloud['getServer']>(async (id) => serverOf(id)),
    remoteConsole: vi.fn<Cloud['remoteConsole']>(async () => `ws://${gatewayHost}/?token=console-token`),
    power: vi.fn<Cloud['power']>(async () => null),
  }
  const clock = new ManualClock(Date.parse('2030-01-01T00:00:00Z'))
  const { app, port, audit, log } = await listeningTestApp({
    env: {
      BMS_CONSOLE_PUBLIC_ORIGINS: CONSOLE,
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_GATEWAYS: gatewayHost,
      BMS_CONSOLE_EMBED_ORIGINS: PORTAL,
      BMS_CONSOLE_LAUNCH_SECRET: SECRET,
      ...env,
    },
    cloud,
    clock,
  })
  onTestFinished(() => {
    for (const socket of gateway.clients) socket.terminate()
    gateway.close()
  })
  const headers = { host: 'console.test', origin: CONSOLE }
  const authorised = (bearer: string | null): Record<string, string> =>
    bearer === null ? headers : { ...headers, authorization: `Bearer ${bearer}` }

  const ticket = (changed: object = {}) => jws(hs256(SECRET), claims(clock.now(), changed))

  /** @param bearer to renew */
  const exchange = (launch: string, bearer: string | null = null, more: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: paths.embedExchange(),
      headers: { ...authorised(bearer), ...more },
      payload: { ticket: launch },
    })
  const grant = async (changed: object = {}, bearer: string | null = null) =>
    EmbedGrant.parse((await exchange(ticket(changed), bearer)).json())

  /** @param bearer null: the local user */
  const ask = (
    bearer: string | null,
    url: string,
    method: 'GET' | 'POST' | 'DELETE' = 'GET',
    payload?: object,
    more: Record<string, string> = {},
  ) =>
    app.inject({ method, url, headers: { ...authorised(bearer), ...more }, ...(payload ? { payload } : {}) })

  const issue = async (bearer: string | null, server = 'linux-1') => {
    const issued = IssuedConsole.parse((await ask(bearer, paths.issueConsole(server), 'POST')).json())
    if (issued.transport !== 'relay') throw new Error('not a relay')
    return issued
  }

  const socket = (session: string, protocols: string[], more: Record<string, string> = {}) => {
    const url = `ws://127.0.0.1:${port}${paths.relay(session)}`
    return new WebSocket(url, protocols, { headers: { ...headers, ...more } })
  }
  /** What a refused upgrade answers. */
  const refusal = async (session: string, protocols: string[], more: Record<string, string> = {}) => {
    const refused = socket(session, protocols, more)
    refused.on('error', () => {})
    const [, response] = await once(refused, 'unexpected-response')
    return response.statusCode as number
  }

  /** A viewer, as the embedded page comes. */
  const come = async (bearer: string, issued: { session: string; ticket: string }) => {
    const viewer = socket(issued.session, [RELAY_SUBPROTOCOL, `${BEARER_SUBPROTOCOL}${bearer}`])
    const messages: RelayMessage[] = []
    viewer.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) messages.push(RelayMessage.parse(JSON.parse(data.toString())))
    })
    await once(viewer, 'open')
    viewer.send(JSON.stringify(resumeWith(issued.ticket, 'client-of-the-test')))
    const received = (type: RelayMessage['type']) =>
      vi.waitFor(() => {
        const message = messages.findLast((each) => each.type === type)
        if (!message) throw new Error(`nothing received of ${type}`)
        return message
      })
    return { viewer, received }
  }

  return {
    app,
    cloud,
    log,
    audit,
    ticket,
    exchange,
    grant,
    ask,
    issue,
    refusal,
    come,
    passes: (ms: number) => clock.advance(ms),
  }
}
