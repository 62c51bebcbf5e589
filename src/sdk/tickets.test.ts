import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nextTry, Tickets } from './tickets.ts'
import type { GetTicket } from './types.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

function start(getTicket: GetTicket | null) {
  const page = { getTicket }
  const told: string[] = []
  const tickets = new Tickets({
    getTicket: () => page.getTicket,
    launch: (ticket) => told.push(`launch ${ticket}`),
    renew: (ticket) => told.push(`renew ${ticket}`),
    onMissing: (why) => told.push(`missing: ${why}`),
    onFound: () => told.push('found'),
  })
  return { page, told, tickets }
}

/** Each ticket is another one. */
function counting() {
  let count = 0
  return vi.fn(async () => `t${++count}`)
}

describe('launching', () => {
  test('the ticket is asked for before the frame is ready, once', async () => {
    const getTicket = counting()
    const { told, tickets } = start(getTicket)
    expect(getTicket).toHaveBeenCalledTimes(1)
    await tickets.launch()
    expect(told).toEqual(['launch t1', 'found'])
  })

  test('a frame that was loaded again gets a ticket of its own', async () => {
    const { told, tickets } = start(counting())
    await tickets.launch()
    await tickets.launch()
    expect(told.filter((line) => line.startsWith('launch'))).toEqual(['launch t1', 'launch t2'])
  })

  test('a page may set getTicket later', async () => {
    const { page, told, tickets } = start(null)
    await tickets.launch()
    page.getTicket = counting()
    tickets.provided()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(told).toEqual(['launch t1', 'found'])
  })

  test('a page that never does is told', async () => {
    const { told, tickets } = start(null)
    await tickets.launch()
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(told).toEqual([expect.stringMatching(/^missing: Set the property getTicket/)])
  })

  test('the backend’s refusal is passed on', async () => {
    const { told, tickets } = start(async () => Promise.reject(new Error('You may not open this server')))
    await tickets.launch()
    expect(told).toEqual(['missing: You may not open this server'])
  })

  test('what is no ticket is not sent', async () => {
    const { told, tickets } = start(async () => '')
    await tickets.launch()
    expect(told).toEqual([expect.stringMatching(/^missing: getTicket gave no ticket/)])
  })

  test('nothing is sent after the end', async () => {
    const { told, tickets } = start(counting())
    const launched = tickets.launch()
    tickets.end()
    await launched
    expect(told).toEqual([])
  })
})

describe('renewing', () => {
  test('a new ticket goes to the console', async () => {
    const { told, tickets } = start(counting())
    await tickets.launch()
    tickets.expiring(new Date(60_000).toISOString())
    expect(tickets.renewing).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(told.at(-2)).toBe('renew t2')
    expect(tickets.renewing).toBe(false)
  })

  test('a backend that is away is asked again, until the grant has ended', async () => {
    const getTicket = counting()
    const { told, tickets } = start(getTicket)
    await tickets.launch()
    getTicket.mockRejectedValue(new Error('502'))
    tickets.expiring(new Date(20_000).toISOString())
    await vi.advanceTimersByTimeAsync(14_000)
    expect(told).not.toContain('missing: 502')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(told.at(-1)).toBe('missing: 502')
    expect(getTicket).toHaveBeenCalledTimes(6)
  })

  test('and its ticket counts when it is back', async () => {
    const getTicket = counting()
    const { told, tickets } = start(getTicket)
    await tickets.launch()
    getTicket.mockRejectedValueOnce(new Error('502'))
    tickets.expiring(new Date(20_000).toISOString())
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told).toContain('renew t2')
    expect(told).not.toContain('missing: 502')
  })
})

test('tries come further apart, and none after the end', () => {
  const end = 60_000
  expect([0, 1, 2, 3, 4, 9].map((tries) => nextTry(tries, 0, end))).toEqual([
    1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
  ])
  expect(nextTry(0, 59_000, end)).toBeNull()
  expect(nextTry(0, 61_000, end)).toBeNull()
})
