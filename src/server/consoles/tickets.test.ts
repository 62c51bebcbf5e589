import { describe, expect, it } from 'vitest'
import { Tickets } from './tickets.ts'

describe('tickets', () => {
  it('work once', () => {
    const tickets = new Tickets()
    const { ticket } = tickets.issue('session-1')
    expect(tickets.redeem('session-1', ticket)).toBe(true)
    expect(tickets.redeem('session-1', ticket)).toBe(false)
  })

  it('survive a guess, and open no other session', () => {
    const tickets = new Tickets()
    const { ticket } = tickets.issue('session-1')
    expect(tickets.redeem('session-1', 'guess')).toBe(false)
    expect(tickets.redeem('session-2', ticket)).toBe(false)
    expect(tickets.redeem('session-1', ticket)).toBe(true)
  })

  it('are good for 30 seconds, and forgotten after', () => {
    let now = 0
    const tickets = new Tickets(() => now)
    const { ticket, expiresAt } = tickets.issue('session-1')
    expect(expiresAt).toBe(30_000)
    for (let count = 0; count < 10; count++) tickets.issue('session-1')
    now = 30_001
    expect(tickets.redeem('session-1', ticket)).toBe(false)
    tickets.issue('session-1')
    expect(tickets.size).toBe(1)
  })
})
