import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { Tickets } from './tickets.ts'

const [ada, bob] = [person('ada'), person('bob')]

describe('tickets', () => {
  it('work once', () => {
    const tickets = new Tickets()
    const { ticket } = tickets.issue('session-1', ada)
    expect(tickets.redeem('session-1', ticket, ada)).toBe(true)
    expect(tickets.redeem('session-1', ticket, ada)).toBe(false)
  })

  it('survive a guess, and open no other session', () => {
    const tickets = new Tickets()
    const { ticket } = tickets.issue('session-1', ada)
    expect(tickets.redeem('session-1', 'guess', ada)).toBe(false)
    expect(tickets.redeem('session-2', ticket, ada)).toBe(false)
    expect(tickets.redeem('session-1', ticket, ada)).toBe(true)
  })

  it('are good for 30 seconds, and forgotten after', () => {
    const clock = new ManualClock(0)
    const tickets = new Tickets(clock)
    const { ticket, expiresInMs } = tickets.issue('session-1', ada)
    expect(expiresInMs).toBe(30_000)
    for (let count = 0; count < 10; count++) tickets.issue('session-1', ada)
    clock.advance(30_001)
    expect(tickets.redeem('session-1', ticket, ada)).toBe(false)
    tickets.issue('session-1', ada)
    expect(tickets.size).toBe(1)
  })

  it('open nothing to another person or another sign-in, and are used up by the try', () => {
    const tickets = new Tickets()
    for (const other of [bob, { ...ada, signIn: 'another' }, { ...ada, signIn: null }]) {
      const { ticket } = tickets.issue('session-1', ada)
      expect(tickets.redeem('session-1', ticket, other)).toBe(false)
      expect(tickets.redeem('session-1', ticket, ada)).toBe(false)
    }
  })

  it('die with the sign-in that they were issued to, and no others do', () => {
    const tickets = new Tickets()
    const [first, second] = [tickets.issue('session-1', ada), tickets.issue('session-1', bob)]
    tickets.forget('ada')
    expect(tickets.redeem('session-1', first.ticket, ada)).toBe(false)
    expect(tickets.redeem('session-1', second.ticket, bob)).toBe(true)
  })
})
