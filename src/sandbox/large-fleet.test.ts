import { describe, expect, it, onTestFinished } from 'vitest'
import { openSandbox } from '../server/clouds/sandbox.ts'
import type { Server } from '../shared/server.ts'
import { ManualClock } from '../testing/clock.ts'
import { Churn } from './churn.ts'
import { PROJECTS } from './directory.ts'
import { defaultFleet } from './fleet.ts'
import { largeFleet } from './large-fleet.ts'
import type { Machine } from './machines/machine.ts'
import { SimulatedMachine } from './machines/simulated-machine.ts'
import { type SandboxOptions, startSandbox } from './sandbox.ts'
import { SandboxServer, SandboxServers } from './sandbox-server.ts'

const usual = defaultFleet().map(({ name }) => name)
const share = <T>(of: readonly T[], test: (each: T) => boolean) => of.filter(test).length / of.length

async function start(options: Partial<SandboxOptions>) {
  const sandbox = await startSandbox({ allowedOrigins: [], ...options })
  onTestFinished(() => sandbox.close())
  return sandbox
}

describe('ten thousand servers', () => {
  const fleet = largeFleet(10_000, 'first')

  it('are the same at each start, and the first of them at any count', () => {
    expect(largeFleet(10_000, 'first')).toEqual(fleet)
    expect(largeFleet(100, 'first')).toEqual(fleet.slice(0, 100))
  })

  it('have names, ids and addresses of their own, also beside the small fleet and the other project', () => {
    const all = [...defaultFleet(), ...fleet, ...largeFleet(1_000, 'second')]
    for (const of of [
      all.map(({ id }) => id),
      all.flatMap(({ fixed }) => fixed),
      [...usual, ...fleet.map(({ name }) => name)],
    ])
      expect(new Set(of).size).toBe(of.length)
    for (const { id } of fleet)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}$/)
    for (const { name, fixed } of fleet) {
      expect(name).toMatch(/^[a-z]+-(fra|muc|ams)-\d{4}$/)
      for (const address of fixed.filter((each) => !each.includes(':')))
        expect(Math.max(...address.split('.').map(Number))).toBeLessThan(256)
    }
  })

  it('differ as those of a large installation do', () => {
    const different = (of: (each: (typeof fleet)[number]) => unknown) => new Set(fleet.map(of)).size
    expect(different(({ zone }) => zone)).toBe(4)
    expect(different(({ flavor }) => flavor.name)).toBe(6)
    expect(different(({ image }) => image)).toBe(8)
    expect(different(({ enterpriseProject }) => enterpriseProject)).toBe(5)
    expect(new Set(fleet.flatMap(({ tags }) => tags)).size).toBeGreaterThan(100)
    expect(share(fleet, ({ status }) => status === 'ACTIVE')).toBeCloseTo(0.92, 2)
    expect(share(fleet, ({ status }) => status === 'SHUTOFF')).toBeCloseTo(0.06, 2)
    expect(share(fleet, ({ osType }) => osType === 'Windows')).toBeCloseTo(0.055, 2)
  })
})

describe('a list of many pages', () => {
  const listed = async (kind: 'huawei' | 'openstack', options: Partial<SandboxOptions>) => {
    const sandbox = await start(options)
    const { servers, missing } = await openSandbox(sandbox, kind).cloud().listServers()
    expect(missing).toEqual([])
    const pages = sandbox.requests.filter(({ path }) => path.endsWith('/detail')).length
    return { sandbox, servers, pages }
  }
  const names = (servers: readonly Server[]) => servers.map(({ name }) => name)

  it('comes by page number from Huawei Cloud’s API', async () => {
    const { sandbox, servers, pages } = await listed('huawei', { size: 2_500 })
    expect([servers.length, pages, sandbox.machines.total]).toEqual([2_500, 3, 2_500])
    expect(names(servers).slice(0, 9)).toEqual(usual)
    expect(new Set(names(servers)).size).toBe(2_500)
  })

  it('comes by marker from Nova', async () => {
    const { servers, pages } = await listed('openstack', { size: 2_500 })
    expect([servers.length, pages]).toEqual([2_500, 3])
    expect(names(servers).slice(0, 9)).toEqual(usual)
    expect(new Set(names(servers)).size).toBe(2_500)
  })

  it('has the servers of the second project apart', async () => {
    const { sandbox } = await listed('huawei', { size: 209 })
    const { id, region } = sandbox.projects.second
    const [, second] = sandbox.regions
    const there = openSandbox({ ...sandbox, apiEndpoint: second?.endpoint ?? '', projectId: id }, 'huawei')
    const { servers } = await there.cloud().listServers()
    expect([servers.length, region, second?.id]).toEqual([23, 'eu-nl', 'eu-nl'])
  })

  it.each(['huawei', 'openstack'] as const)('takes its time on a slow cloud: %s', async (kind) => {
    const clock = new ManualClock()
    const sandbox = await start({ size: 1_001, pageDelayMs: 700, clock })
    const cloud = openSandbox(sandbox, kind).cloud()
    const servers = cloud.listServers()
    let waited = 0
    for (let page = 0; page < 2; page++) {
      await new Promise<void>((resolve) => {
        const look = () => (clock.pending > 0 ? resolve() : setImmediate(look))
        look()
      })
      clock.advance(700)
      waited += 700
    }
    expect([(await servers).servers.length, waited]).toEqual([1_001, 1_400])
  })
})

describe('a server', () => {
  const fixture = largeFleet(10, 'first').find(({ status }) => status === 'ACTIVE')
  const machine = (poweredOn: boolean): Machine =>
    new SimulatedMachine({
      clock: new ManualClock(),
      hostname: 'web',
      kernel: '6',
      image: 'Debian',
      firmware: 'boots',
      speed: 1,
      poweredOn,
    })

  it('has no machine until somebody needs it, and one in the state that the list told', () => {
    if (!fixture) throw new Error('no server')
    const server = new SandboxServer(fixture, PROJECTS.first, machine)
    expect([server.used, server.poweredOn]).toEqual([false, true])
    server.setPower(false)
    expect([server.used, server.poweredOn]).toEqual([false, false])
    expect([server.machine.poweredOn, server.used]).toEqual([false, true])
  })

  it('changes and settles while others use the cloud, unless its machine is in use', () => {
    const servers = new SandboxServers()
    const among = largeFleet(40, 'first').map((each) => new SandboxServer(each, PROJECTS.first, machine))
    for (const server of among) servers.add(server)
    const used = among.slice(0, 10)
    const before = used.map((server) => server.machine.poweredOn)
    const churn = new Churn(servers, among)
    const seen = new Set<string>()
    for (let turn = 0; turn < 500; turn++) {
      churn.turn()
      const here = servers.of(PROJECTS.first.id)
      for (const { task } of here) if (task) seen.add(task)
      if (here.length < among.length) seen.add('gone')
      expect(here.filter(({ task }) => task).length + among.length - here.length).toBeLessThanOrEqual(4)
    }
    expect([...seen].toSorted()).toEqual(['gone', 'powering-off', 'powering-on', 'rebooting'])
    expect(used.map((server) => [server.machine.poweredOn, server.task])).toEqual(
      before.map((on) => [on, null]),
    )
  })
})
