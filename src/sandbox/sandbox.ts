import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../shared/clock.ts'
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
import type { LinuxImage } from './machines/linux-image.ts'
import { LinuxMachine } from './machines/linux-machine.ts'
import type { Machine, StartingPoint } from './machines/machine.ts'
import { SimulatedMachine } from './machines/simulated-machine.ts'
import type { SandboxServer } from './sandbox-server.ts'
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
  const server = (fixture: ServerFixture, project: SandboxProject, machine: Machine): SandboxServer => ({
    fixture,
    project,
    machine,
    created: '2026-03-02T09:14:07Z',
  })
  const first = [...(options.servers ?? defaultFleet()), ...(options.faultyServers ? faultyFleet() : [])].map(
    (fixture) =>
      server(
        fixture,
        PROJECTS.first,
        createMachine(fixture, { clock, speed: bootSpeed, startAt, image: options.linuxImage ?? null }),
      ),
  )
  // Users choose this project after signing in. They should not have to wait for a life-like boot as well.
  const second = secondFleet().map((fixture) =>
    server(
      fixture,
      PROJECTS.second,
      createMachine(fixture, { clock, speed: Math.max(bootSpeed, 4), startAt, image: null }),
    ),
  )
  const servers = new Map([...first, ...second].map((each) => [each.fixture.id, each]))
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
      openTelekomCloud: options.openTelekomCloud ?? false,
      maxMicroversion: options.maxMicroversion ?? 96,
      onRequest: (request) => void requests.push(request),
      issueUrl,
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
      real: first.filter(({ machine }) => machine instanceof LinuxMachine).length,
    },
    gatewayConnections: () => gateway.connections,
    killGateway: () => gateway.kill(),
    restoreGateway: () => gateway.listen(),
    expireTokens: () => gateway.expireTokens(),
    async close() {
      await Promise.all([...servers.values()].map(({ machine }) => machine.dispose()))
      await gateway.kill()
      await Promise.all(apis.map((api) => api.close()))
    },
  }
}

function createMachine(
  fixture: ServerFixture,
  { image, ...pace }: { clock: Clock; speed: number; startAt: StartingPoint; image: LinuxImage | null },
): Machine {
  const { hostname, kernel, behaviour: firmware } = fixture
  const poweredOn = fixture.status === 'ACTIVE'
  switch (firmware) {
    case 'boots':
    case 'idles':
      if (image) return new LinuxMachine({ image, hostname, poweredOn })
      break
    case 'panics':
    case 'garbles':
    case 'silent':
  }
  return new SimulatedMachine({ hostname, kernel, image: fixture.image, firmware, poweredOn, ...pace })
}
