import { describe, expect, it } from 'vitest'
import { EmbedEvent } from '../../shared/embed.ts'
import { EmbedHost, type HostCommand } from './host.ts'

const PORTAL = 'https://portal.example.com'
const OTHER = 'https://other.example.com'
const envelope = { channel: 'bms-console', version: 1 }
const hello = { ...envelope, type: 'hello' }
const focus = { ...envelope, type: 'focus' }

function start() {
  const posted: [string, string][] = []
  const events: EmbedEvent[] = []
  const commands: HostCommand['type'][] = []
  const host = new EmbedHost({
    origins: [PORTAL, OTHER],
    post: (event, origin) => {
      expect(EmbedEvent.safeParse(event).success).toBe(true)
      posted.push([event.type, origin])
      events.push(event)
    },
    onHello: () => {},
    onCommand: (command) => commands.push(command.type),
  })
  const hear = (data: unknown, origin = PORTAL, fromParent = true) =>
    host.receive({ origin, fromParent, data })
  return { host, hear, posted, events, commands }
}

describe('EmbedHost', () => {
  it('answers hello, and takes commands from then on', () => {
    const { hear, posted, commands } = start()
    hear(hello)
    hear(focus)
    expect(posted).toEqual([['ready', PORTAL]])
    expect(commands).toEqual(['focus'])
  })

  it('sends nothing before it is greeted, and then the current state', () => {
    const { host, hear, posted, commands } = start()
    host.send({ type: 'state', state: 'issuing', mayType: false })
    host.send({ type: 'bell' })
    host.send({ type: 'state', state: 'live', mayType: true })
    hear(focus)
    expect(posted).toEqual([])
    expect(commands).toEqual([])
    expect(host.ignored).toBe(1)
    hear(hello)
    expect(posted.map(([type]) => type)).toEqual(['ready', 'state'])
  })

  it('trusts the origin of the first greeting, and no other, even a configured one', () => {
    const { host, hear, posted, commands } = start()
    hear(hello)
    hear(hello, OTHER)
    hear(focus, OTHER)
    host.send({ type: 'bell' })
    expect(commands).toEqual([])
    expect(posted).toEqual([
      ['ready', PORTAL],
      ['bell', PORTAL],
    ])
    expect(host.ignored).toBe(2)
  })

  it.each([
    'https://portal.example.com.evil.test',
    'https://evil-portal.example.com',
    'http://portal.example.com',
    'https://portal.example.com:8443',
    'https://PORTAL.example.com',
    'null',
    '',
    '*',
  ])('takes nothing from %s', (origin) => {
    const { host, hear, posted } = start()
    hear(hello, origin)
    expect(posted).toEqual([])
    expect(host.ignored).toBe(1)
  })

  it('takes nothing from a window other than its parent', () => {
    const { hear, posted } = start()
    hear(hello, PORTAL, false)
    expect(posted).toEqual([])
  })

  it.each([
    null,
    'hello',
    { type: 'hello' },
    { ...hello, version: 2 },
    { ...hello, channel: 'other' },
    { ...envelope, type: 'send', text: 7 },
    { ...envelope, type: 'send', text: 'x'.repeat(4_097) },
    { ...envelope, type: 'set', fontSize: 1000 },
    { ...envelope, type: 'ready' },
  ])('ignores %j', (data) => {
    const { host, hear, posted, commands } = start()
    hear(hello)
    hear(data)
    expect(commands).toEqual([])
    expect(posted).toHaveLength(1)
    expect(host.ignored).toBe(1)
  })

  it('tells anew what changes with time to a page that greets again', () => {
    const { host, hear, events } = start()
    let expiresInMs = 60_000
    const expiresAt = '2030-01-01T00:01:00Z'
    host.send(() => ({ type: 'ticket-expiring', expiresAt, expiresInMs }))
    expiresInMs = 45_000
    hear(hello)
    expect(events.at(-1)).toMatchObject({ type: 'ticket-expiring', expiresAt, expiresInMs: 45_000 })
  })

  it('repeats no error that is over and no renewed ticket to a page that greets again', () => {
    const { host, hear, posted } = start()
    const error = { cause: 'network-lost', title: '', next: '', detail: null, retries: true } as const
    host.send({ type: 'error', ...error })
    host.send({ type: 'ended', cause: null })
    host.send({ type: 'ticket-expiring', expiresAt: '2030-01-01T00:00:00Z' })
    host.forget('ticket-expiring')
    host.send({ type: 'state', state: 'live', mayType: true })
    hear(hello)
    expect(posted.map(([type]) => type)).toEqual(['ready', 'state'])
  })
})
