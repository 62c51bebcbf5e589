import { describe, expect, it } from 'vitest'
import { RelaySessions, TICKET_TTL_MS } from './relay-sessions.ts'

describe('RelaySessions', () => {
  const issued = { serverId: 's1', url: 'ws://gateway/?token=t' }

  it('redeems a ticket once', () => {
    const sessions = new RelaySessions()
    const { session, ticket } = sessions.create(issued)
    expect(sessions.redeem(session, ticket)).toEqual(issued)
    expect(sessions.redeem(session, ticket)).toBeNull()
  })

  it('keeps a session through a wrong ticket, so that a guess cannot take it away', () => {
    const sessions = new RelaySessions()
    const { session, ticket } = sessions.create(issued)
    expect(sessions.redeem(session, 'guess')).toBeNull()
    expect(sessions.redeem('other', ticket)).toBeNull()
    expect(sessions.redeem(session, ticket)).toEqual(issued)
  })

  it('forgets what nobody came for', () => {
    let now = 0
    const sessions = new RelaySessions(() => now)
    const { session, ticket } = sessions.create(issued)
    now = TICKET_TTL_MS + 1
    expect(sessions.redeem(session, ticket)).toBeNull()
    for (let index = 0; index < 10; index++) sessions.create(issued)
    now += TICKET_TTL_MS + 1
    sessions.create(issued)
    expect(sessions.size).toBe(1)
  })
})
