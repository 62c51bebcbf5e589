import { describe, expect, it } from 'vitest'
import type { ServerList } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import type { ServerAttachments } from '../../shared/server-attachments.ts'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { nothingAttached, silentCloud } from '../../testing/sign-in/identity.ts'
import { CloudError } from './cloud.ts'
import { FRESH_MS, SNAPSHOT_MS, sharedCloud } from './snapshot.ts'

const server = (power: Server['power']) => testServer({ id: 'a', name: 'a', power })
const listOf = (power: Server['power'] = 'on'): ServerList => ({ servers: [server(power)], missing: [] })

/** A call to the cloud, which the test answers. */
interface Asked<T> {
  give(answer: T): Promise<void>
  fail(): Promise<void>
}

const settled = () => new Promise<void>((done) => setImmediate(done))

function setUp() {
  const clock = new ManualClock()
  const lists: Asked<ServerList>[] = []
  const servers: Asked<Server>[] = []
  const powers: Asked<string | null>[] = []
  const attachments: Asked<ServerAttachments>[] = []
  const ask = <T>(asked: Asked<T>[]) => {
    return new Promise<T>((resolve, reject) => {
      asked.push({
        give(answer) {
          resolve(answer)
          return settled()
        },
        fail() {
          reject(new CloudError({ cause: 'cloud-unreachable' }))
          return settled()
        },
      })
    })
  }
  const cloud = sharedCloud(
    {
      ...silentCloud,
      listServers: () => ask(lists),
      getServer: () => ask(servers),
      attachments: () => ask(attachments),
      power: () => ask(powers),
      remoteConsole: async () => 'wss://gateway.test/?token=t',
    },
    clock,
  )
  return { clock, cloud, lists, servers, powers, attachments }
}

describe('the list of a scope', () => {
  it('is read once for all who ask at once, and serialised once', async () => {
    const { cloud, lists } = setUp()
    const asked = Array.from({ length: 30 }, () => cloud.snapshot())
    expect(lists).toHaveLength(1)
    await lists[0]?.give(listOf())
    const snapshots = await Promise.all(asked)
    expect(new Set(snapshots).size).toBe(1)
    let made = 0
    const bytes = await Promise.all(
      snapshots.map((snapshot) =>
        snapshot.bytes('list', async (list) => {
          made += 1
          return Buffer.from(JSON.stringify(list))
        }),
      ),
    )
    expect(made).toBe(1)
    expect(new Set(bytes).size).toBe(1)
    expect(JSON.parse(String(bytes[0]))).toEqual(listOf())
  })

  it('is serialised for each form that a reader may have', async () => {
    const { cloud, lists } = setUp()
    const asked = cloud.snapshot()
    await lists[0]?.give(listOf())
    const snapshot = await asked
    expect(String(await snapshot.bytes('viewer', async () => Buffer.from('a')))).toBe('a')
    expect(String(await snapshot.bytes('admin', async () => Buffer.from('b')))).toBe('b')
  })

  it('is kept for some seconds, and then forgotten', async () => {
    const { clock, cloud, lists } = setUp()
    const first = cloud.snapshot()
    await lists[0]?.give(listOf())
    clock.advance(SNAPSHOT_MS - 1)
    expect(await cloud.snapshot()).toBe(await first)
    clock.advance(1)
    expect(clock.pending).toBe(0)
    const second = cloud.snapshot()
    await lists[1]?.give(listOf())
    expect(await second).not.toBe(await first)
  })

  it('is not kept where the cloud failed: all who waited hear it, and the next one asks', async () => {
    const { cloud, lists } = setUp()
    const asked = [cloud.snapshot(), cloud.snapshot()]
    const heard = Promise.allSettled(asked)
    await lists[0]?.fail()
    expect((await heard).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    void cloud.snapshot()
    expect(lists).toHaveLength(2)
  })
})

describe('a person who reloads', () => {
  it('is not shown an older list', async () => {
    const { clock, cloud, lists } = setUp()
    const first = cloud.snapshot()
    await lists[0]?.give(listOf('on'))
    await first
    clock.advance(FRESH_MS + 1)
    const fresh = cloud.snapshot({ fresh: true })
    await lists[1]?.give(listOf('off'))
    expect((await fresh).list).toEqual(listOf('off'))
    // The others have the newer list, too.
    expect(await cloud.snapshot()).toBe(await fresh)
  })

  it('shares the answer of somebody who did so just before', async () => {
    const { clock, cloud, lists } = setUp()
    const first = cloud.snapshot({ fresh: true })
    await lists[0]?.give(listOf())
    clock.advance(FRESH_MS)
    expect(await cloud.snapshot({ fresh: true })).toBe(await first)
    expect(lists).toHaveLength(1)
  })

  it('waits for a slow reading that began before, and then has one of their own, whoever else asks', async () => {
    const { clock, cloud, lists } = setUp()
    void cloud.snapshot()
    clock.advance(FRESH_MS + 1)
    const reloads = Array.from({ length: 30 }, () => cloud.snapshot({ fresh: true }))
    expect(lists).toHaveLength(1)
    await lists[0]?.give(listOf('on'))
    expect(lists).toHaveLength(2)
    await lists[1]?.give(listOf('off'))
    for (const snapshot of await Promise.all(reloads)) expect(snapshot.list).toEqual(listOf('off'))
    expect(lists).toHaveLength(2)
  })

  it('is not answered with the older list when the cloud fails', async () => {
    const { clock, cloud, lists } = setUp()
    const first = cloud.snapshot()
    await lists[0]?.give(listOf('on'))
    await first
    clock.advance(FRESH_MS + 1)
    const reload = Promise.allSettled([cloud.snapshot({ fresh: true })])
    await lists[1]?.fail()
    expect((await reload)[0]?.status).toBe('rejected')
    void cloud.snapshot()
    expect(lists).toHaveLength(3)
  })
})

describe('after a power action', () => {
  it('no list counts that was asked for before', async () => {
    const { cloud, lists, powers } = setUp()
    const before = cloud.snapshot()
    await lists[0]?.give(listOf('on'))
    await before
    const power = cloud.power('a', 'power-off')
    await settled()
    await powers[0]?.give(null)
    await power
    const after = cloud.snapshot()
    await lists[1]?.give(listOf('off'))
    expect((await after).list).toEqual(listOf('off'))
  })

  it('nobody joins a call that was under way, and its answer is not kept', async () => {
    const { cloud, lists, servers, powers } = setUp()
    void cloud.snapshot()
    void cloud.getServer('a')
    const power = cloud.power('a', 'power-off')
    await settled()
    await powers[0]?.give(null)
    await power
    const list = cloud.snapshot()
    const one = cloud.getServer('a')
    await lists[0]?.give(listOf('on'))
    await servers[0]?.give(server('on'))
    await lists[1]?.give(listOf('off'))
    await servers[1]?.give(server('off'))
    expect((await list).list).toEqual(listOf('off'))
    expect((await one).power).toBe('off')
  })

  it('the same holds where the cloud did not answer: it may have acted', async () => {
    const { cloud, lists, powers } = setUp()
    const before = cloud.snapshot()
    await lists[0]?.give(listOf('on'))
    await before
    const power = Promise.allSettled([cloud.power('a', 'power-off')])
    await settled()
    await powers[0]?.fail()
    await power
    void cloud.snapshot()
    expect(lists).toHaveLength(2)
  })
})

describe('one server', () => {
  it('is asked for once at a time, and not kept', async () => {
    const { cloud, servers } = setUp()
    const asked = [cloud.getServer('a'), cloud.getServer('a')]
    expect(servers).toHaveLength(1)
    await servers[0]?.give(server('on'))
    await Promise.all(asked)
    void cloud.getServer('a')
    expect(servers).toHaveLength(2)
  })

  it('has its attachments asked for once at a time, and not kept', async () => {
    const { cloud, attachments } = setUp()
    const asked = [cloud.attachments('a'), cloud.attachments('a')]
    await settled()
    expect(attachments).toHaveLength(1)
    await attachments[0]?.give(nothingAttached)
    await Promise.all(asked)
    void cloud.attachments('a')
    await settled()
    expect(attachments).toHaveLength(2)
  })

  it('in another state than the list says has the list read again', async () => {
    const { cloud, lists, servers } = setUp()
    const first = cloud.snapshot()
    await lists[0]?.give(listOf('on'))
    await first
    void cloud.getServer('a')
    await servers[0]?.give(server('on'))
    expect(await cloud.snapshot()).toBe(await first)
    void cloud.getServer('a')
    await servers[1]?.give(server('off'))
    void cloud.snapshot()
    expect(lists).toHaveLength(2)
  })
})

it('a wider scope hears of changes in its parts', async () => {
  const { clock, cloud, lists } = setUp()
  const part = sharedCloud(
    { ...silentCloud, power: async () => null, getServer: async () => server('off') },
    clock,
    cloud,
  )
  for (const change of [() => part.power('a', 'reboot'), () => part.getServer('a')]) {
    const before = cloud.snapshot()
    await lists.at(-1)?.give(listOf('on'))
    await before
    const asked = lists.length
    await change()
    void cloud.snapshot()
    expect(lists).toHaveLength(asked + 1)
    await lists.at(-1)?.give(listOf('off'))
    cloud.changed()
  }
})

it('a console is asked for anew by each, since its link is good once', async () => {
  const links: string[] = []
  const cloud = sharedCloud(
    { ...silentCloud, remoteConsole: async (id) => `link ${links.push(id)}` },
    new ManualClock(),
  )
  expect(await Promise.all([cloud.remoteConsole('a'), cloud.remoteConsole('a')])).toEqual([
    'link 1',
    'link 2',
  ])
})
