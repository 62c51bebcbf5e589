import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../shared/clock.ts'
import { Churn } from './churn.ts'
import { buildCloudApi, type ConsoleApi, type LoggedRequest } from './cloud-api.ts'
import {
  type ApplicationCredential,
  Directory,
  type People,
  PROJECTS,
  people,
  REGIONS,
  type SandboxProject,
  type SandboxRegion,
} from './directory.ts'
import { defaultFleet, faultyFleet, type ServerFixture, secondFleet } from './fleet.ts'
import { Gateway } from './gateway.ts'
import { largeFleet } from './large-fleet.ts'
import type { LinuxImage } from './machines/linux-image.ts'
import { LinuxMachine } from './machines/linux-machine.ts'
import type { Machine, StartingPoint } from './machines/machine.ts'
import { SimulatedMachine } from './machines/simulated-machine.ts'
import { PowerControl } from './power.ts'
import { SandboxServer, SandboxServers } from './sandbox-server.ts'
import type { AccessKey } from './signature.ts'
import { iamTokenValue, keystoneTokenValue, TokenStore } from './tokens.ts'

export interface SandboxOptions {
  /** Origins that the gateway accepts. It asks at each connection, so there may be more of them later. */
  allowedOrigins: Pick<readonly string[], 'includes'>
  /** 1 is life-like. Tests boot faster. */
  bootSpeed?: number
  /**
   * Where the simulated machines stand when their first console opens: `boot` (the default), `login` or `shell`.
   * Tests whose subject is not the boot choose `login` or `shell` and need not wait for it.
   */
  machinesAt?: StartingPoint
  tokenTtlMs?: number
  /** The servers of the first project */
  servers?: ServerFixture[]
  /** Adds servers to the first project until it has so many, and a tenth of that to the second. */
  size?: number
  /** How long a page of a list takes, ms */
  pageDelayMs?: number
  /** How long a machine takes to be switched or rebooted, ms. Absent: as in life, by `bootSpeed` */
  powerMs?: number
  /** One of the added servers changes so often, ms. 0: none does. */
  churnMs?: number
  /** With an image, machines that boot or idle are real: QEMU boots it when their first console opens. */
  linuxImage?: LinuxImage | null
  /** Adds servers whose consoles fail. There is one for each documented way, named after it. */
  faultyServers?: boolean
  /** Uses another gateway than the embedded one: returns the tokenized URL. */
  issueUrl?: (serverId: string) => string | Promise<string>
  /** Gives consoles as Open Telekom Cloud does: by an action of native Nova, not by the BMS API. */
  openTelekomCloud?: boolean
  /** The x of the newest microversion 2.x of OpenStack's compute service. 1 is a cloud before `remote-consoles`. */
  maxMicroversion?: number
  /** How many wrong passwords lock a user for 15 minutes. The default is IAM's. */
  lockAfter?: number
  clock?: Clock
}

export interface Sandbox {
  /** The first region's BMS API */
  apiEndpoint: string
  iamEndpoint: string
  regions: readonly SandboxRegion[]
  /** host:port */
  gatewayHost: string
  /** The first project */
  projectId: string
  projects: { first: SandboxProject; second: SandboxProject }
  /** The operator of the first project */
  credentials: { domain: string; user: string; password: string }
  users: People
  /** Signs each request instead of signing in. */
  accessKey: AccessKey
  openstack: {
    /** For `OS_AUTH_URL` */
    authUrl: string
    applicationCredential: ApplicationCredential
  }
  /** Every console token that was issued, so that a test can look for it where it must not be. */
  issuedTokens: readonly string[]
  /** Every token of IAM and Keystone */
  iamTokens: readonly string[]
  /** Every request that reached the cloud */
  requests: readonly LoggedRequest[]
  /** The machines of the first project */
  machines: { total: number; real: number }
  gatewayConnections(): number
  killGateway(): Promise<void>
  restoreGateway(): Promise<void>
  expireTokens(): void
  close(): Promise<void>
}

/** Starts the embedded bare-metal cloud on loopback: Huawei's and OpenStack's APIs in two regions, and a serial gateway. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { bootSpeed = 1, machinesAt: startAt = 'boot', tokenTtlMs = 600_000, clock = systemClock } = options
  const host = '127.0.0.1'
  const users = people()
  const directory = new Directory(users, options.lockAfter ?? 5, clock)
  // The key is new at each start: the sandbox has no secret worth keeping.
  const accessKey = { accessKey: 'SANDBOXACCESSKEY', secretKey: randomUUID() }
  const pace = { clock, startAt }
  const image = options.linuxImage ?? null
  const small = [...(options.servers ?? defaultFleet()), ...(options.faultyServers ? faultyFleet() : [])]
  const large = largeFleet(Math.max(0, (options.size ?? 0) - small.length), 'first')
  const first = [...small, ...large].map(
    (fixture) =>
      new SandboxServer(fixture, PROJECTS.first, (poweredOn) =>
        createMachine(fixture, { ...pace, speed: bootSpeed, image, poweredOn }),
      ),
  )
  // Users choose this project after signing in. They should not have to wait for a life-like boot as well.
  const second = [...secondFleet(), ...largeFleet(Math.floor(large.length / 10), 'second')].map(
    (fixture) =>
      new SandboxServer(fixture, PROJECTS.second, (poweredOn) =>
        createMachine(fixture, { ...pace, speed: Math.max(bootSpeed, 4), image: null, poweredOn }),
      ),
  )
  const servers = new SandboxServers()
  for (const server of [...first, ...second]) servers.add(server)
  const stopChurn = churn(servers, first.slice(small.length), options.churnMs ?? 0, clock)
  const power = new PowerControl(clock, bootSpeed, options.powerMs)
  const gateway = new Gateway(host, 0, '/serial/pod01.sandbox-01/', options.allowedOrigins, clock)
  await gateway.listen()
  const issuedTokens: string[] = []
  const iamTokens: string[] = []
  const requests: LoggedRequest[] = []
  const recordToken = (token: string) => void iamTokens.push(token)
  const tokens = {
    iam: new TokenStore(iamTokenValue, clock, recordToken),
    keystone: new TokenStore(keystoneTokenValue, clock, recordToken),
  }
  const issueUrl = ({ fixture, machine }: SandboxServer, api: ConsoleApi) => {
    if (options.issueUrl) return options.issueUrl(fixture.id)
    const token = randomUUID()
    issuedTokens.push(token)
    const ttl = fixture.consoleFault === 'expired-token' ? -1 : tokenTtlMs
    const path = api === 'bms' ? gateway.path : '/'
    const scheme = api === 'nova' ? 'ws' : 'http'
    gateway.issue(token, machine, clock.now() + ttl, path)
    return `${scheme}://${gateway.address}${path}?token=${token}`
  }
  const regions: SandboxRegion[] = []
  const apis = REGIONS.map((region) =>
    buildCloudApi({
      region,
      regions: () => regions,
      directory,
      tokens,
      accessKey,
      servers,
      pageDelay: () => pause(options.pageDelayMs ?? 0, clock),
      openTelekomCloud: options.openTelekomCloud ?? false,
      maxMicroversion: options.maxMicroversion ?? 96,
      onRequest: (request) => void requests.push(request),
      issueUrl,
      power,
      clock,
    }),
  )
  for (const [index, api] of apis.entries()) {
    await api.listen({ host, port: 0 })
    const { port } = api.server.address() as AddressInfo
    regions.push({ id: REGIONS[index] ?? '', endpoint: `http://${host}:${port}` })
  }
  const apiEndpoint = regions[0]?.endpoint ?? ''
  const { domain, name: user, password } = users.operator
  return {
    apiEndpoint,
    iamEndpoint: apiEndpoint,
    regions,
    gatewayHost: gateway.address,
    projectId: PROJECTS.first.id,
    projects: PROJECTS,
    credentials: { domain, user, password },
    users,
    accessKey,
    openstack: {
      authUrl: `${apiEndpoint}/identity/v3`,
      applicationCredential: directory.applicationCredential,
    },
    issuedTokens,
    iamTokens,
    requests,
    machines: {
      total: first.length,
      real: image ? first.filter(({ fixture }) => isHealthy(fixture)).length : 0,
    },
    gatewayConnections: () => gateway.connections,
    killGateway: () => gateway.kill(),
    restoreGateway: () => gateway.listen(),
    expireTokens: () => gateway.expireTokens(),
    async close() {
      stopChurn()
      await Promise.all([...first, ...second].map((server) => server.dispose()))
      await gateway.kill()
      await Promise.all(apis.map((api) => api.close()))
    },
  }
}

/** Real machines stand in for those that would boot. */
const isHealthy = ({ behaviour }: ServerFixture) => behaviour === 'boots' || behaviour === 'idles'

interface MachineOptions {
  clock: Clock
  speed: number
  startAt: StartingPoint
  image: LinuxImage | null
  poweredOn: boolean
}

function createMachine(fixture: ServerFixture, { image, ...rest }: MachineOptions): Machine {
  const { hostname, kernel, behaviour: firmware } = fixture
  if (image && isHealthy(fixture)) return new LinuxMachine({ image, hostname, poweredOn: rest.poweredOn })
  return new SimulatedMachine({ hostname, kernel, image: fixture.image, firmware, ...rest })
}

const pause = (ms: number, clock: Clock) =>
  ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => void clock.after(ms, resolve))

/** @param everyMs 0: nothing changes by itself @returns ends it */
function churn(servers: SandboxServers, among: readonly SandboxServer[], everyMs: number, clock: Clock) {
  let cancel = () => {}
  const churn = new Churn(servers, among)
  const wait = () => {
    cancel = clock.after(everyMs, () => {
      churn.turn()
      wait()
    })
  }
  if (everyMs > 0) wait()
  return () => cancel()
}
