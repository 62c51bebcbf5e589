import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nextTry, Tickets } from './tickets.ts'
import type { GetTicket } from './types.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

function start(getTicket: GetTicket | null) {
  const page = { getTicket }
  const happened: string[] = []
  const tickets = new Tickets({
    getTicket: () => page.getTicket,
    launch: (ticket) => happened.push(`launch ${ticket}`),
    renew: (ticket) => happened.push(`renew ${ticket}`),
    onMissing: (why) => happened.push(`missing: ${why}`),
    onFound: () => happened.push('found'),
  })
  return { page, happened, tickets }
}

/** Gives a different ticket each time. */
function counting() {
  let count = 0
  return vi.fn(async () => `t${++count}`)
}

describe('launching', () => {
  test('the ticket is asked for once, before the frame is ready', async () => {
    const getTicket = counting()
    const { happened, tickets } = start(getTicket)
    expect(getTicket).toHaveBeenCalledTimes(1)
    await tickets.launch()
    expect(happened).toEqual(['launch t1', 'found'])
  })

  test('a frame that is loaded again gets a new ticket', async () => {
    const { happened, tickets } = start(counting())
    await tickets.launch()
    await tickets.launch()
    expect(happened.filter((line) => line.startsWith('launch'))).toEqual(['launch t1', 'launch t2'])
  })

  test('a page may set getTicket later', async () => {
    const { page, happened, tickets } = start(null)
    await tickets.launch()
    page.getTicket = counting()
    tickets.provided()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(happened).toEqual(['launch t1', 'found'])
  })

  test('a page that never does gets an explanation', async () => {
    const { happened, tickets } = start(null)
    await tickets.launch()
    expect(happened).toEqual([])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(happened).toEqual([expect.stringMatching(/^missing: Set the property getTicket/)])
  })

  test('the backend’s refusal is passed on', async () => {
    const { happened, tickets } = start(async () => Promise.reject(new Error('You may not open this server')))
    await tickets.launch()
    expect(happened).toEqual(['missing: You may not open this server'])
  })

  test('a value that is no ticket is not sent', async () => {
    const { happened, tickets } = start(async () => '')
    await tickets.launch()
    expect(happened).toEqual([expect.stringMatching(/^missing: getTicket gave no ticket/)])
  })

  test('nothing is sent after the end', async () => {
    const { happened, tickets } = start(counting())
    const launched = tickets.launch()
    tickets.end()
    await launched
    expect(happened).toEqual([])
  })
})

describe('renewing', () => {
  test('a new ticket goes to the console', async () => {
    const { happened, tickets } = start(counting())
    await tickets.launch()
    tickets.expiring(60_000)
    expect(tickets.renewing).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(happened.at(-2)).toBe('renew t2')
    expect(tickets.renewing).toBe(false)
  })

  test('a backend that is away is asked again, until the grant has ended', async () => {
    const getTicket = counting()
    const { happened, tickets } = start(getTicket)
    await tickets.launch()
    getTicket.mockRejectedValue(new Error('502'))
    tickets.expiring(20_000)
    await vi.advanceTimersByTimeAsync(14_000)
    expect(happened).not.toContain('missing: 502')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(happened.at(-1)).toBe('missing: 502')
    expect(getTicket).toHaveBeenCalledTimes(6)
  })

  test.each([
    ['ahead', 86_400_000],
    ['back', -86_400_000],
  ])('a clock that is set %s by a day meanwhile causes no more tries', async (_, by) => {
    const getTicket = counting()
    const { happened, tickets } = start(getTicket)
    await tickets.launch()
    getTicket.mockRejectedValue(new Error('502'))
    tickets.expiring(20_000)
    await vi.advanceTimersByTimeAsync(500)
    vi.setSystemTime(Date.now() + by)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(happened.at(-1)).toBe('missing: 502')
    expect(getTicket.mock.calls.length).toBeLessThanOrEqual(6)
  })

  test('the ticket of a backend that is back again is used', async () => {
    const getTicket = counting()
    const { happened, tickets } = start(getTicket)
    await tickets.launch()
    getTicket.mockRejectedValueOnce(new Error('502'))
    tickets.expiring(20_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(happened).toContain('renew t2')
    expect(happened).not.toContain('missing: 502')
  })
})

test('the tries come less and less often, and none after the end', () => {
  const end = 60_000
  expect([0, 1, 2, 3, 4, 9].map((tries) => nextTry(tries, end))).toEqual([
    1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
  ])
  expect(nextTry(0, end - 59_000)).toBeNull()
  expect(nextTry(0, end - 61_000)).toBeNull()
})
