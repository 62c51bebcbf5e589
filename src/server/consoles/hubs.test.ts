import pino from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { testAudit } from '../audit/test-audit.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { parseConfig } from '../config.ts'
import { person } from '../sign-in/test-identity.ts'
import { Hubs } from './hubs.ts'
import type { ViewerPort } from './viewer-cursor.ts'

function start(env: NodeJS.ProcessEnv = {}) {
  const { console: config } = parseConfig({ BMS_CONSOLE_TRANSPORT: 'relay', ...env })
  // Nobody listens there: these tests are about who may join, not about the line.
  const issueLink = vi.fn(async (_cloud: Cloud, serverId: string) => ({
    url: 'ws://127.0.0.1:9/',
    serverName: serverId,
  }))
  const hubs = new Hubs({
    config,
    log: pino({ level: 'silent' }),
    issueLink,
    recorder: null,
    audit: testAudit(),
    now: Date.now,
  })
  onTestFinished(() => hubs.endAll({ cause: 'proxy-restarting' }))
  const cause = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof CloudError ? error.failure : error),
    )
  return { hubs, issueLink, cause }
}

function port() {
  return {
    send: vi.fn(),
    tell: vi.fn(),
    bufferedBytes: 0,
    pause: vi.fn(),
    resume: vi.fn(),
    close: vi.fn(),
  } satisfies ViewerPort
}

const client = (name: string) => name.padEnd(16, '-')

describe('console sessions', () => {
  it('are one for each server: who comes second shares the line, also when both come at once', async () => {
    const { hubs, issueLink } = start()
    const [first, second] = await Promise.all([
      hubs.ticket('web-1', person('ada')),
      hubs.ticket('web-1', person('bob')),
    ])
    const third = await hubs.ticket('web-1', person('cyd'))
    expect(new Set([first.session, second.session, third.session]).size).toBe(1)
    expect(new Set([first.ticket, second.ticket, third.ticket]).size).toBe(3)
    expect(issueLink).toHaveBeenCalledTimes(1)
    expect((await hubs.ticket('web-2', person('ada'))).session).not.toBe(first.session)
  })

  it('let in by ticket, once, and tell why not', async () => {
    const { hubs } = start()
    const { session, ticket } = await hubs.ticket('web-1', person('ada'))
    const resume = { ticket, client: client('ada'), offset: null }
    expect(hubs.join('another-session', port(), resume)).toMatchObject({ cause: 'ticket-refused' })
    expect(hubs.join(session, port(), resume)).toHaveProperty('input')
    expect(hubs.join(session, port(), resume)).toMatchObject({ cause: 'ticket-refused' })
  })

  it('leave no trace where the cloud refused: the next one asks it anew', async () => {
    const { hubs, issueLink, cause } = start()
    issueLink.mockRejectedValueOnce(new CloudError({ cause: 'no-permission' }))
    expect(await cause(hubs.ticket('web-1', person('ada')))).toMatchObject({ cause: 'no-permission' })
    expect(await cause(hubs.ticket('web-1', person('ada')))).toBeNull()
  })

  it('are limited in all, and what there is can still be joined', async () => {
    const { hubs, issueLink, cause } = start({ BMS_CONSOLE_MAX_SESSIONS: '2' })
    await Promise.all([hubs.ticket('web-1', person('ada')), hubs.ticket('web-2', person('bob'))])
    expect(await cause(hubs.ticket('web-3', person('cyd')))).toEqual({
      cause: 'session-limit',
      detail: 'The limit is 2 (BMS_CONSOLE_MAX_SESSIONS).',
    })
    expect(issueLink).toHaveBeenCalledTimes(2)
    expect(await cause(hubs.ticket('web-2', person('cyd')))).toBeNull()
  })

  it('are limited for each user, and free again when one ends', async () => {
    const { hubs, cause } = start({ BMS_CONSOLE_MAX_SESSIONS_PER_USER: '1', BMS_CONSOLE_GRACE: '0' })
    const { session, ticket } = await hubs.ticket('web-1', person('ada'))
    expect(await cause(hubs.ticket('web-2', person('ada')))).toMatchObject({ cause: 'user-limit' })
    expect(await cause(hubs.ticket('web-2', person('bob')))).toBeNull()
    const viewer = hubs.join(session, port(), { ticket, client: client('ada'), offset: null })
    if ('cause' in viewer) throw new Error(viewer.cause)
    viewer.message({ type: 'end' })
    expect(await cause(hubs.ticket('web-3', person('ada')))).toBeNull()
  })

  it('have so many viewers and no more, but always room for one that comes back', async () => {
    const { hubs } = start({ BMS_CONSOLE_MAX_VIEWERS: '1' })
    const join = async (name: string) => {
      const { session, ticket } = await hubs.ticket('web-1', person(name))
      return hubs.join(session, port(), { ticket, client: client(name), offset: null })
    }
    expect(await join('ada')).toHaveProperty('input')
    expect(await join('bob')).toEqual({
      cause: 'viewer-limit',
      detail: 'The limit is 1 (BMS_CONSOLE_MAX_VIEWERS).',
    })
    expect(await join('ada')).toHaveProperty('input')
  })
})
