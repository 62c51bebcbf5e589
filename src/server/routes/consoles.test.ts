import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { ApiError, IssuedConsole, paths } from '../../shared/api.ts'
import { OpenConsoles } from '../../shared/open-consoles.ts'
import { OUTDATED_SUBPROTOCOL, RELAY_SUBPROTOCOL, RelayMessage } from '../../shared/relay-protocol.ts'
import { Role } from '../../shared/user.ts'
import { listeningTestApp } from '../../testing/app.ts'
import { resumeWith } from '../../testing/resume.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import type { Cloud } from '../clouds/cloud.ts'

const ORIGIN = 'https://console.test'

/** The app with a gateway behind it; a request says who asks: `name/role/sign-in`. */
async function start(transport: 'direct' | 'relay' = 'relay', elsewhere = 'gateway.test:6083') {
  const gateway = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(gateway, 'listening')
  const host = `127.0.0.1:${(gateway.address() as AddressInfo).port}`
  const cloud = {
    ...silentCloud,
    getServer: vi.fn<Cloud['getServer']>(async (id) => testServer({ id, name: `name-of-${id}` })),
    remoteConsole: vi.fn<Cloud['remoteConsole']>(async () => `ws://${host}/?token=t`),
  }
  let endSignIn: (signIn: string) => void = () => {}
  const { app, port, audit } = await listeningTestApp({
    env: {
      BMS_CONSOLE_PUBLIC_ORIGINS: ORIGIN,
      BMS_CONSOLE_TRANSPORT: transport,
      BMS_CONSOLE_GATEWAYS: `${host},${elsewhere}`,
    },
    cloud,
    signIn: (mode) => ({
      ...mode,
      identify({ headers: { 'x-test': asked } }) {
        if (typeof asked !== 'string') return { cause: 'sign-in-needed' }
        const [name = '', role, signIn = null] = asked.split('/')
        return { ...person(name, Role.parse(role), cloud), signIn }
      },
      onEnded(listener) {
        endSignIn = listener
      },
    }),
  })
  onTestFinished(() => {
    for (const socket of gateway.clients) socket.terminate()
    gateway.close()
  })
  const headers = (who: string | null) => ({
    host: 'console.test',
    origin: ORIGIN,
    ...(who === null ? {} : { 'x-test': who }),
  })
  const ask = (who: string | null) =>
    app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers: headers(who) })
  /** As a page asks: it has a secret of its tab, and asks first or not. */
  const askAs = async (who: string, tab: string, ask = true) => {
    const response = await app.inject({
      method: 'POST',
      url: paths.issueConsole('linux-1'),
      headers: headers(who),
      payload: { client: tab.padEnd(16, '-'), ask },
    })
    return response.statusCode < 400 ? response.statusCode : ApiError.parse(response.json()).error
  }
  const release = (who: string, tab: string) =>
    app.inject({
      method: 'DELETE',
      url: paths.issueConsole('linux-1'),
      headers: headers(who),
      payload: { client: tab.padEnd(16, '-') },
    })
  const openConsoles = async (who: string) =>
    OpenConsoles.parse((await app.inject({ url: paths.openConsoles(), headers: headers(who) })).json())
  const ticket = async (who: string) => {
    const issued = IssuedConsole.parse((await ask(who)).json())
    if (issued.transport !== 'relay') throw new Error('not a relay')
    return issued
  }
  const open = (who: string | null, session: string, version = RELAY_SUBPROTOCOL) => {
    return new WebSocket(`ws://127.0.0.1:${port}${paths.relay(session)}`, version, {
      headers: headers(who),
    })
  }
  /** A viewer that comes with this ticket. */
  const come = async (who: string, { session, ticket }: { session: string; ticket: string }) => {
    const socket = open(who, session)
    const messages: RelayMessage[] = []
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) messages.push(RelayMessage.parse(JSON.parse(data.toString())))
    })
    await once(socket, 'open')
    const client = who.replaceAll('/', '-').padEnd(16, '-')
    socket.send(JSON.stringify(resumeWith(ticket, client)))
    const received = (type: RelayMessage['type']) =>
      vi.waitFor(() => {
        const message = messages.findLast((each) => each.type === type)
        if (!message) throw new Error(`nothing received of ${type}`)
        return message
      })
    return { socket, received }
  }
  const asked = () => cloud.getServer.mock.calls.length + cloud.remoteConsole.mock.calls.length
  return {
    app,
    ask,
    askAs,
    release,
    openConsoles,
    ticket,
    cloud,
    open,
    come,
    asked,
    audit,
    endSignIn: (signIn: string) => endSignIn(signIn),
  }
}

/** An empty binary frame as a page sends it. */
const EMPTY_FRAME = Buffer.from([0x82, 0x80, 0, 0, 0, 0])

it('reads one frame of a viewer in each turn of the event loop, however many came at once', async () => {
  const { app, ticket, come } = await start()
  const { socket, received } = await come('ada/operator/ada-1', await ticket('ada/operator/ada-1'))
  await received('hello')
  const [viewer] = app.websocketServer.clients
  let read = 0
  viewer?.on('message', () => {
    read += 1
  })
  let mostAtOnce = 0
  const frames = 5_000
  const allRead = new Promise<void>((resolve) => {
    const look = (before: number) => {
      mostAtOnce = Math.max(mostAtOnce, read - before)
      const now = read
      if (read > frames / 10) resolve()
      else setImmediate(() => look(now))
    }
    look(read)
  })
  const network: Socket = Reflect.get(socket, '_socket')
  network.write(Buffer.concat(Array<Buffer>(frames).fill(EMPTY_FRAME)))
  await allRead
  expect(mostAtOnce).toBeLessThanOrEqual(2)
})

const causeOf = (response: { json: () => unknown }) => ApiError.parse(response.json()).error.cause

describe('a direct line that another page was given a link to', () => {
  it('is asked about, until that page lets go of it or a person says that it does not matter', async () => {
    const { askAs, release, openConsoles, asked, audit } = await start('direct')
    const [ada, bob] = ['ada/operator', 'bob/operator']
    expect(await askAs(ada, 'ada-tab')).toBe(200)
    // After a reload, or a lost line, it is the same page.
    expect(await askAs(ada, 'ada-tab')).toBe(200)
    const before = asked()
    const inUse = (name: string, yours = false) => ({
      cause: 'in-use',
      inUseBy: { name, yours, agoMs: expect.any(Number) },
    })
    expect(await askAs(bob, 'bob-tab')).toEqual(inUse('ada'))
    expect(await askAs(ada, 'ada-other-tab')).toEqual(inUse('ada', true))
    expect(asked()).toBe(before)
    expect(await openConsoles(bob)).toMatchObject({
      consoles: [],
      known: false,
      links: [{ serverId: 'linux-1', name: 'ada', yours: false }],
    })

    expect(await askAs(bob, 'bob-tab', false)).toBe(200)
    expect(audit.events.slice(-2)).toMatchObject([
      { action: 'open-console', outcome: 'refused', cause: 'in-use', user: { name: 'ada' } },
      { action: 'open-console', outcome: 'done', user: { name: 'bob' }, detail: 'over the link of ada' },
    ])
    // Two pages whose gateway ends the other's line would otherwise take it from each other for ever.
    expect(await askAs(ada, 'ada-tab')).toEqual(inUse('bob'))
    await release(ada, 'ada-tab')
    expect(await askAs(ada, 'ada-tab')).toEqual(inUse('bob'))
    await release(bob, 'bob-tab')
    expect((await openConsoles(ada)).links).toEqual([])
    expect(await askAs(ada, 'ada-tab')).toBe(200)
  })

  it('is not asked about where the relay shares the line, and not to other programs', async () => {
    const relay = await start('relay')
    expect(await relay.askAs('ada/operator', 'ada-tab')).toBe(200)
    expect(await relay.askAs('bob/operator', 'bob-tab')).toBe(200)
    expect(await relay.openConsoles('bob/operator')).toEqual({ consoles: [], known: true, links: [] })
    const direct = await start('direct')
    expect(await direct.askAs('ada/operator', 'ada-tab')).toBe(200)
    expect((await direct.ask('bob/operator')).statusCode).toBe(200)
  })
})

describe('a gateway that no browser opens from this page', () => {
  it('is told in the answer, by its cause and without the link', async () => {
    const { askAs, ask, cloud, audit } = await start('direct')
    cloud.remoteConsole.mockResolvedValue('http://gateway.test:6083/?token=s3cr3t')
    expect(await askAs('ada/operator', 'ada-tab')).toEqual({
      cause: 'gateway-not-encrypted',
      detail: `The page is at ${ORIGIN}, the gateway at ws://gateway.test:6083.`,
    })
    expect(audit.events).toMatchObject([
      { action: 'open-console', outcome: 'failed', cause: 'gateway-not-encrypted', user: { name: 'ada' } },
    ])
    // A program opens what it likes.
    expect((await ask('ada/operator')).statusCode).toBe(200)
    cloud.remoteConsole.mockResolvedValue('https://gateway.test:6083/?token=s3cr3t')
    expect(await askAs('ada/operator', 'ada-tab')).toBe(200)
  })

  it('is opened by the relay all the same', async () => {
    const { askAs, cloud } = await start('relay', '[2001:db8::7]:6083')
    cloud.remoteConsole.mockResolvedValue('http://[2001:db8::7]:6083/?token=s3cr3t')
    expect(await askAs('ada/operator', 'ada-tab')).toBe(200)
  })
})

describe('consoles and who asks', () => {
  it('without a sign-in there is neither a ticket nor an upgrade, and the cloud is not asked', async () => {
    const { ask, open, asked } = await start()
    const response = await ask(null)
    expect([response.statusCode, causeOf(response)]).toEqual([401, 'sign-in-needed'])
    const socket = open(null, 'any-session')
    socket.on('error', () => {})
    const [, refusal] = await once(socket, 'unexpected-response')
    expect(refusal.statusCode).toBe(401)
    expect(asked()).toBe(0)
  })

  it.each([
    ['another user', 'bob/admin/ada-1'],
    ['another sign-in of the same user', 'ada/operator/ada-2'],
  ])('a ticket in the hands of %s opens nothing, and is used up', async (_, thief) => {
    const { ticket, come, asked } = await start()
    const issued = await ticket('ada/operator/ada-1')
    const before = asked()
    for (const who of [thief, 'ada/operator/ada-1']) {
      const { received } = await come(who, issued)
      expect(await received('closing')).toMatchObject({ failure: { cause: 'ticket-refused' } })
    }
    expect(asked()).toBe(before)
  })

  it('a ticket that is played back opens nothing', async () => {
    const { ticket, come, asked } = await start()
    const issued = await ticket('ada/operator/ada-1')
    await (await come('ada/operator/ada-1', issued)).received('hello')
    const before = asked()
    const again = await come('ada/operator/ada-1', issued)
    expect(await again.received('closing')).toMatchObject({ failure: { cause: 'ticket-refused' } })
    expect(asked()).toBe(before)
  })

  it('a page of the version before is told to reload, in the words that it knows', async () => {
    const { ticket, open, asked } = await start()
    const { session } = await ticket('ada/operator/ada-1')
    const before = asked()
    const socket = open('ada/operator/ada-1', session, OUTDATED_SUBPROTOCOL)
    const messages: unknown[] = []
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())))
    await once(socket, 'open')
    socket.send('{"type":"resume","ticket":"t","client":"client-of-the-old-page","offset":null}')
    expect(socket.protocol).toBe(OUTDATED_SUBPROTOCOL)
    const [code] = await once(socket, 'close')
    const detail = 'This page is older than the server. Reload the page.'
    expect(messages).toEqual([{ type: 'closing', failure: { cause: 'protocol-error', detail } }])
    expect(code).toBe(1000)
    expect(asked()).toBe(before)
  })

  it('the role counts that one has when one comes, not when one asked', async () => {
    const { ticket, come } = await start()
    const viewer = await come('ada/viewer/ada-1', await ticket('ada/operator/ada-1'))
    expect(await viewer.received('hello')).toMatchObject({ may: { write: false } })
  })

  it('a direct link, which can be typed into, is not for one who may only watch', async () => {
    const { ask, asked, audit } = await start('direct')
    const refused = await ask('vic/viewer/vic-1')
    expect([refused.statusCode, causeOf(refused)]).toEqual([403, 'role-forbids'])
    expect(refused.body).toContain('BMS_CONSOLE_TRANSPORT=relay')
    expect(asked()).toBe(0)
    expect((await ask('ada/operator/ada-1')).statusCode).toBe(200)
    expect(audit.events).toMatchObject([
      { action: 'open-console', outcome: 'refused', cause: 'role-forbids', user: { name: 'vic' } },
      { action: 'open-console', outcome: 'done', user: { name: 'ada' }, server: { name: 'name-of-linux-1' } },
    ])
  })

  it('with its sign-in a viewer goes, and a ticket; the session goes on for the others', async () => {
    const { ticket, come, endSignIn, audit } = await start()
    const ada = await come('ada/operator/ada-1', await ticket('ada/operator/ada-1'))
    const bob = await come('bob/operator/bob-1', await ticket('bob/operator/bob-1'))
    const unused = await ticket('ada/operator/ada-1')
    await bob.received('hello')
    const gone = once(ada.socket, 'close')
    endSignIn('ada-1')
    expect(await ada.received('closing')).toMatchObject({ failure: { cause: 'sign-in-needed' } })
    await gone
    await vi.waitFor(async () =>
      expect(await bob.received('viewers')).toMatchObject({ viewers: [{ name: 'bob', role: 'writer' }] }),
    )
    expect(bob.socket.readyState).toBe(WebSocket.OPEN)
    const late = await come('ada/operator/ada-1', unused)
    expect(await late.received('closing')).toMatchObject({ failure: { cause: 'ticket-refused' } })
    const closed = audit.events.find(({ action }) => action === 'close-console')
    expect(closed).toMatchObject({ user: { name: 'ada' }, cause: 'sign-in-needed' })
  })
})
