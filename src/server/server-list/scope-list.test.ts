import { describe, expect, it } from 'vitest'
import type { ServerList } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { ListReader, listEvents } from '../../testing/server-list.ts'
import { silentCloud } from '../../testing/sign-in/identity.ts'
import { CloudError, type ListWant } from '../clouds/cloud.ts'
import { FRESH_MS, SNAPSHOT_MS, sharedCloud } from '../clouds/snapshot.ts'
import { unpack } from './packed.ts'
import { ScopeList } from './scope-list.ts'

const server = (id: string, change: Partial<Server> = {}) => testServer({ id, name: id, ...change })

/** A reading of the list, which the test answers page by page. */
interface Asked {
  page(servers: Server[], total?: number | null): Promise<void>
  give(list: Partial<ServerList>): Promise<void>
  fail(): Promise<void>
}

/** What was begun has got as far as it can. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((done) => setImmediate(done))
}

/** A reader, and what they have got so far */
interface Reading {
  events: () => ReturnType<typeof listEvents>
  types: () => string[]
  /** Resolves when they have so many events. */
  has: (count: number) => Promise<void>
  ended: Promise<void>
}

function setUp() {
  const clock = new ManualClock()
  const lists: Asked[] = []
  const watched = new Set<string>()
  const watcher = { watches: (id: string) => watched.has(id), version: 0 }
  const told: string[][] = []
  const cloud = sharedCloud(
    {
      ...silentCloud,
      listServers: ({ onPage }: ListWant = {}) =>
        new Promise<ServerList>((resolve, reject) => {
          lists.push({
            page(servers, total = null) {
              onPage?.({ servers, total })
              return settled()
            },
            give(list) {
              resolve({ servers: [], missing: [], ...list })
              return settled()
            },
            fail() {
              reject(new CloudError({ cause: 'cloud-unreachable' }))
              return settled()
            },
          })
        }),
      power: async () => null,
    },
    clock,
  )
  const list = new ScopeList(cloud, {
    clock,
    watcher,
    onServers: (servers) => told.push(servers.map(({ id }) => id)),
    onMissing: () => {},
  })
  const read = (since: string | null = null, fresh = false): Reading => {
    let text = ''
    let tell = () => {}
    const ended = (async () => {
      for await (const line of list.lines({ since, fresh })) {
        text += await unpack(line)
        tell()
      }
    })()
    ended.catch(() => {})
    const events = () => listEvents(text)
    const has = async (count: number) => {
      while (events().length < count)
        await new Promise<void>((resolve) => {
          tell = resolve
        })
    }
    return { events, types: () => events().map(({ type }) => type), has, ended }
  }
  /** Reads the whole list as the cloud has it then. */
  const whole = async (...servers: Server[]) => {
    clock.advance(SNAPSHOT_MS)
    const reading = read()
    await lists.at(-1)?.give({ servers })
    await reading.ended
    return new ListReader().take(reading.events())
  }
  const watch = (id: string, on: boolean) => {
    if (on) watched.add(id)
    else watched.delete(id)
    watcher.version += 1
  }
  return { clock, cloud, lists, told, read, whole, watch }
}

describe('a list that is read', () => {
  it('is passed on page by page, and whoever comes later gets the pages so far', async () => {
    const { lists, read } = setUp()
    const [a, b, c] = ['a', 'b', 'c'].map((id) => server(id))
    if (!a || !b || !c) throw new Error('three')
    const early = read()
    await lists[0]?.page([a], 3)
    await early.has(2)
    expect(early.events()).toEqual([
      { type: 'begin', whole: true, total: 3 },
      { type: 'servers', servers: [a] },
    ])
    await lists[0]?.page([b], 3)
    const late = read()
    await Promise.all([early.has(3), late.has(3)])
    expect(late.events()).toEqual(early.events())
    expect(late.types()).toEqual(['begin', 'servers', 'servers'])
    await lists[0]?.page([c], 3)
    await lists[0]?.give({ servers: [a, b, c] })
    await Promise.all([early.ended, late.ended])
    expect(late.events()).toEqual(early.events())
    expect(early.types().slice(-3)).toEqual(['servers', 'missing', 'end'])
    expect(lists).toHaveLength(1)
  })

  it('says how many servers there are, once that is known', async () => {
    const { lists, read } = setUp()
    const reading = read()
    await lists[0]?.page([server('a')], null)
    await lists[0]?.page([server('b')], 2)
    await reading.has(4)
    expect(reading.types()).toEqual(['begin', 'servers', 'total', 'servers'])
  })

  it('is as the list at the end says: what a page told otherwise is told again, or taken back', async () => {
    const { lists, read } = setUp()
    const reading = read()
    const pages = [server('a'), server('b'), server('c')]
    await lists[0]?.page(pages)
    const last = [server('a'), server('b', { power: 'off' }), server('d')]
    await lists[0]?.give({ servers: last, missing: [{ where: 'eu', failure: { cause: 'throttled' } }] })
    await reading.ended
    expect(reading.types()).toEqual(['begin', 'servers', 'servers', 'gone', 'missing', 'end'])
    const { list } = new ListReader().take(reading.events())
    expect(list.servers.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual(last)
    expect(list.missing).toHaveLength(1)
  })

  it('comes in lines that a page reads at once, and without what the schema does not have', async () => {
    const { lists, read } = setUp()
    const reading = read()
    const servers = Array.from({ length: 1_000 }, (_, at) => ({ ...server(`s-${at}`), secret: 'x' }))
    await lists[0]?.page(servers)
    await lists[0]?.give({ servers })
    await reading.ended
    expect(reading.types().filter((type) => type === 'servers')).toHaveLength(4)
    expect(JSON.stringify(reading.events())).not.toContain('secret')
  })

  it('fails for all who read it, behind what came', async () => {
    const { lists, read } = setUp()
    const readings = [read(), read()]
    await lists[0]?.page([server('a')])
    await lists[0]?.fail()
    for (const { ended, types } of readings) {
      await expect(ended).rejects.toThrow('cloud-unreachable')
      expect(types()).toEqual(['begin', 'servers'])
    }
  })

  it('tells this server of each page', async () => {
    const { lists, read, told } = setUp()
    const reading = read()
    await lists[0]?.page([server('a')])
    await reading.has(2)
    expect(told).toEqual([['a']])
  })
})

it('takes the reading that began last for the newest, also where an older one is longer at work', async () => {
  const { cloud, lists, read } = setUp()
  const many = Array.from({ length: 6_000 }, (_, at) => server(`s-${at}`))
  const old = read()
  await cloud.power('s-1', 'power-off')
  const next = read()
  await lists[0]?.give({ servers: many })
  await lists[1]?.give({ servers: [server('s-1', { power: 'off' })] })
  await Promise.all([old.ended, next.ended])
  const { list, version } = new ListReader().take(next.events())
  expect(list.servers).toEqual([server('s-1', { power: 'off' })])
  const again = read(version)
  await again.ended
  expect(again.types()).toEqual(['begin', 'missing', 'end'])
  expect(again.events().at(-1)).toEqual({ type: 'end', version })
})

describe('who has a version', () => {
  it('gets what differs, made once for all who have the same', async () => {
    const { clock, lists, read, whole } = setUp()
    const first = await whole(server('a'), server('b'), server('c'))
    clock.advance(SNAPSHOT_MS)
    const readings = [read(first.version), read(first.version)]
    await lists[1]?.give({ servers: [server('a'), server('b', { power: 'off' }), server('d')] })
    for (const reading of readings) {
      await reading.ended
      expect(reading.events()).toEqual([
        { type: 'begin', whole: false, total: 3 },
        { type: 'servers', servers: [server('b', { power: 'off' }), server('d')] },
        { type: 'gone', ids: ['c'] },
        { type: 'missing', missing: [] },
        { type: 'end', version: expect.any(String) },
      ])
    }
    expect(lists).toHaveLength(2)
  })

  it('gets next to nothing where nothing differs, and keeps the version', async () => {
    const { clock, lists, read, whole } = setUp()
    const servers = Array.from({ length: 500 }, (_, at) => server(`s-${at}`))
    const { version } = await whole(...servers)
    clock.advance(SNAPSHOT_MS)
    const reading = read(version)
    await lists[1]?.give({ servers: servers.map((each) => ({ ...each })) })
    await reading.ended
    expect(JSON.stringify(reading.events()).length).toBeLessThan(200)
    expect(reading.events().at(-1)).toEqual({ type: 'end', version })
  })

  it('that is unknown gets the whole list', async () => {
    const { read, whole } = setUp()
    await whole(server('a'))
    const reading = read('another.1')
    await reading.ended
    expect(reading.events()[0]).toMatchObject({ type: 'begin', whole: true })
  })

  it('gets the whole list where most of it differs', async () => {
    const { clock, lists, read, whole } = setUp()
    const servers = Array.from({ length: 400 }, (_, at) => server(`s-${at}`))
    const { version } = await whole(...servers)
    clock.advance(SNAPSHOT_MS)
    const reading = read(version)
    await lists[1]?.give({ servers: servers.map((each) => ({ ...each, zone: 'moved' })) })
    await reading.ended
    expect(reading.events()[0]).toMatchObject({ type: 'begin', whole: true })
  })

  it('keeps it for ten minutes', async () => {
    const { clock, read, whole } = setUp()
    const { version } = await whole(server('a'))
    clock.advance(9 * 60_000)
    const reading = read(version)
    await settled()
    expect(reading.types()).toEqual([])
    clock.advance(11 * 60_000)
    expect(clock.pending).toBe(0)
  })

  it('hears of lines that are watched now, without a reading', async () => {
    const { lists, read, whole, watch } = setUp()
    const { version } = await whole(server('a'), server('b'))
    watch('b', true)
    const reading = read(version)
    await reading.ended
    expect(reading.events().slice(0, 2)).toEqual([
      { type: 'begin', whole: false, total: 2 },
      { type: 'servers', servers: [{ ...server('b'), watched: true }] },
    ])
    const first = read()
    await first.ended
    expect(new ListReader().take(first.events()).list.servers).toEqual([
      server('a'),
      { ...server('b'), watched: true },
    ])
    expect(lists).toHaveLength(1)
  })
})

describe('a person who opens the page', () => {
  it('gets the list that is there at once, and then what differs in a new one', async () => {
    const { clock, lists, read, whole } = setUp()
    await whole(server('a'), server('b'))
    clock.advance(FRESH_MS + 1)
    const reading = read(null, true)
    await reading.has(4)
    expect(lists).toHaveLength(2)
    expect(reading.types()).toEqual(['begin', 'servers', 'missing', 'end'])
    await lists[1]?.give({ servers: [server('a', { power: 'off' }), server('b')] })
    await reading.ended
    expect(reading.events().slice(4, 6)).toEqual([
      { type: 'begin', whole: false, total: 2 },
      { type: 'servers', servers: [server('a', { power: 'off' })] },
    ])
  })

  it('gets the pages of a slow reading as they come, and then what differs in one of their own', async () => {
    const { clock, lists, read } = setUp()
    const early = read()
    await lists[0]?.page([server('a')], 2)
    clock.advance(FRESH_MS + 1)
    const late = read(null, true)
    await late.has(2)
    expect(late.types()).toEqual(['begin', 'servers'])
    await lists[0]?.give({ servers: [server('a'), server('b')] })
    await early.ended
    expect(lists).toHaveLength(2)
    await lists[1]?.give({ servers: [server('b')] })
    await late.ended
    expect(new ListReader().take(late.events()).list.servers).toEqual([server('b')])
    expect(late.events().filter(({ type }) => type === 'begin')).toHaveLength(2)
  })

  it('is not shown what was asked for before a power action', async () => {
    const { cloud, lists, read } = setUp()
    read()
    await lists[0]?.page([server('a', { power: 'on' })])
    await cloud.power('a', 'power-off')
    const late = read(null, true)
    await lists[0]?.give({ servers: [server('a', { power: 'on' })] })
    expect(late.types()).toEqual([])
    await lists[1]?.give({ servers: [server('a', { power: 'off' })] })
    await late.ended
    expect(late.events().filter(({ type }) => type === 'begin')).toHaveLength(1)
  })
})
