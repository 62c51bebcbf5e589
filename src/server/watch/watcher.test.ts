import pino from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Server } from '../../shared/server.ts'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { silentCloud } from '../../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { sharedCloud } from '../clouds/snapshot.ts'
import type { Holder } from '../consoles/holder.ts'
import { LineElsewhere } from '../consoles/line-ownership.ts'
import { Pace } from '../consoles/pace.ts'
import { Choices } from './choices.ts'
import type { Selection } from './selection.ts'
import { Watcher } from './watcher.ts'

const MINUTE = 60_000
const fleet = (count: number) =>
  Array.from({ length: count }, (_, index) => testServer({ id: `id-${index}`, name: `web-${index}` }))

async function start(servers: Server[], selection: Selection = { kind: 'all' }, linksPerHour = 100_000) {
  const clock = new ManualClock()
  const holders = new Map<string, Holder>()
  const listServers = vi.fn(async () => ({ servers, missing: [] as { where: string; failure: never }[] }))
  const cloud: Cloud = {
    ...silentCloud,
    listServers,
    getServer: async (id) => servers.find((server) => server.id === id) ?? fail(),
  }
  const asked: number[] = []
  const hold = vi.fn(async (server: { id: string }, holder: Holder) => {
    asked.push(clock.now())
    holders.set(server.id, holder)
    holder.opened()
  })
  const release = vi.fn<(id: string) => void>()
  const log: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) })
  const pace = new Pace(clock)
  const watcher = new Watcher({
    settings: { selection, linksPerHour },
    cloud: sharedCloud(cloud, clock),
    sessions: { hold, release, pace },
    choices: await Choices.open(null, logger),
    onListed: () => {},
    log: logger,
    clock,
    random: () => 0,
  })
  onTestFinished(() => watcher.stop())
  /** Passes time in steps that promises can keep up with. */
  const pass = async (ms: number, step = 100) => {
    for (let passed = 0; passed < ms; passed += step) {
      clock.advance(step)
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    }
  }
  watcher.start()
  await pass(100)
  return { watcher, clock, hold, release, holders, asked, pass, log, pace, listServers, servers }
}

function fail(): never {
  throw new CloudError({ cause: 'server-not-found' })
}

describe('the watcher', () => {
  it('opens what is selected, and nothing that has no console', async () => {
    const windows = testServer({
      id: 'w',
      name: 'web-w',
      os: { family: 'windows', windowsConsole: false, image: null },
    })
    const { watcher, hold, pass, log } = await start([...fleet(3), windows], {
      kind: 'some',
      selectors: [
        { by: 'name', pattern: 'web-[w1]' },
        { by: 'name', pattern: 'web-1' },
        { by: 'name', pattern: 'web-w' },
      ],
    })
    await pass(1_000)
    expect(hold.mock.calls.map(([{ id }]) => id)).toEqual(['id-1'])
    expect([watcher.watches('id-1'), watcher.watches('id-0'), watcher.watches('w')]).toEqual([
      true,
      false,
      false,
    ])
    expect(log.join('')).toContain('"server":"id-1","msg":"watch opened"')
  })

  it('opens 2,000 lines within minutes, and never more than 30 in a second', async () => {
    const { asked, pass, pace } = await start(fleet(2_000))
    const underWay = vi.spyOn(pace, 'begin')
    await pass(100_000)
    expect(asked).toHaveLength(2_000)
    for (const [index, at] of asked.entries())
      expect((asked[index + 30] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(900)
    // Each gave its place back.
    expect(underWay).toHaveBeenCalled()
    expect(pace.begin('')).not.toBeNull()
  })

  it('stays within its budget, and lets no line starve', async () => {
    const { hold, holders, asked, pass } = await start(fleet(20), { kind: 'all' }, 10)
    for (let minute = 0; minute < 6 * 60; minute++) {
      for (const [id, holder] of holders) {
        holders.delete(id)
        holder.ended({ cause: 'gateway-closed' })
      }
      await pass(MINUTE, MINUTE)
    }
    for (const from of asked)
      expect(asked.filter((at) => at >= from && at < from + 60 * MINUTE).length).toBeLessThanOrEqual(10)
    const counts = new Map<string, number>()
    for (const [{ id }] of hold.mock.calls) counts.set(id, (counts.get(id) ?? 0) + 1)
    expect(counts.size).toBe(20)
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1)
  })

  it('goes on with other projects where the cloud is slow for one', async () => {
    const servers = fleet(100).map((server, index) => ({
      ...server,
      project: { id: index < 50 ? 'slow' : 'fast', name: null },
    }))
    const { hold, pass } = await start(servers)
    hold.mockClear()
    hold.mockImplementation(async ({ id }) => {
      if (Number(id.slice(3)) < 50) await new Promise(() => {})
    })
    await pass(20_000)
    const asked = hold.mock.calls.map(([{ id }]) => Number(id.slice(3)))
    expect(asked.filter((index) => index < 50).length).toBeLessThanOrEqual(10)
    expect(asked.filter((index) => index >= 50)).toHaveLength(50)
  })

  it('logs each cause once, and tries a refused line in minutes', async () => {
    const { hold, pass, log } = await start([])
    hold.mockRejectedValue(new CloudError({ cause: 'no-permission', detail: 'no' }))
    expect(hold).not.toHaveBeenCalled()
    const other = await start(fleet(1))
    other.hold.mockRejectedValue(new CloudError({ cause: 'server-not-ready' }))
    other.holders.get('id-0')?.ended({ cause: 'server-not-ready' })
    await other.pass(20 * MINUTE, 1_000)
    // After 1, 2, 4 and 8 minutes
    expect(other.hold).toHaveBeenCalledTimes(1 + 4)
    expect(other.log.filter((line) => line.includes('watch failed'))).toHaveLength(1)
    expect(other.log.join('')).toContain('server-not-ready')
    await pass(MINUTE)
    expect(log.join('')).not.toContain('watch failed')
  })

  it('gives a session’s line its turn, and takes it back where people come', async () => {
    const { holders, hold, pass } = await start(fleet(2))
    await pass(5 * MINUTE, 1_000)
    const [begin, other] = [vi.fn<(asked: () => void) => void>((asked) => asked()), vi.fn()]
    expect(holders.get('id-0')?.lost({ cause: 'gateway-closed' }, begin).wait).toBe(10_000)
    holders.get('id-1')?.lost({ cause: 'gateway-closed' }, other).cancel()
    await pass(9_900)
    expect(begin).not.toHaveBeenCalled()
    await pass(60 * MINUTE, 1_000)
    expect(begin).toHaveBeenCalledOnce()
    expect(other).not.toHaveBeenCalled()
    expect(hold).toHaveBeenCalledTimes(2)
  })

  it('follows the list, and keeps what a part of it does not tell', async () => {
    const { watcher, servers, release, listServers, pass } = await start(fleet(3))
    const [gone] = servers.splice(0, 1)
    listServers.mockResolvedValueOnce({ servers, missing: [{ where: 'B', failure: {} as never }] })
    await pass(MINUTE)
    expect(watcher.watches('id-0')).toBe(true)
    listServers.mockRejectedValueOnce(new CloudError({ cause: 'cloud-unreachable' }))
    await pass(MINUTE)
    expect(watcher.watches('id-0')).toBe(true)
    await pass(MINUTE)
    expect(gone && watcher.watches(gone.id)).toBe(false)
    expect(release.mock.calls).toEqual([['id-0']])
  })

  it('does what people choose, whatever is selected', async () => {
    const { watcher, release, hold, pass } = await start(fleet(2), {
      kind: 'some',
      selectors: [{ by: 'name', pattern: 'web-0' }],
    })
    const choice = (watched: boolean) => ({ watched, by: 'ada', time: '2026-01-01T00:00:00.000Z' })
    const before = watcher.version
    await watcher.choose('id-1', choice(true))
    await watcher.choose('id-0', choice(false))
    expect(watcher.version).toBeGreaterThan(before)
    await pass(3 * MINUTE, 1_000)
    expect([watcher.watches('id-0'), watcher.watches('id-1')]).toEqual([false, true])
    expect(hold.mock.calls.at(-1)?.[0].id).toBe('id-1')
    expect(release).toHaveBeenCalledWith('id-0')
    await expect(watcher.choose('id-9', choice(true))).rejects.toThrow('server-not-found')
  })

  it('counts a line that another replica has as held there, and takes it once that is gone', async () => {
    const { hold, pass, log, asked, watcher } = await start(fleet(1), { kind: 'all' }, 10)
    await pass(1_000)
    hold.mockImplementation(async (_server, holder) => {
      if (asked.push(0) < 20) throw new LineElsewhere('another')
      holder.opened()
    })
    const [, holder] = hold.mock.calls[0] ?? []
    // It was drained: another replica takes it.
    holder?.ended({ cause: 'line-moved' })
    await pass(6 * MINUTE, 1_000)
    expect(asked.length).toBe(20)
    expect(log.join('')).not.toContain('watch failed')
    expect(log.filter((line) => line.includes('watch opened'))).toHaveLength(2)
    expect(watcher.watches('id-0')).toBe(true)
  })
})
