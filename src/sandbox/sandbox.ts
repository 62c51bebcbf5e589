import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { buildCloudApi, type SandboxServer } from './cloud-api.ts'
import { defaultFleet, faultyFleet, type ServerFixture } from './fleet.ts'
import { Gateway } from './gateway.ts'
import type { LinuxImage } from './machines/linux-image.ts'
import { LinuxMachine } from './machines/linux-machine.ts'
import type { Machine } from './machines/machine.ts'
import { SimulatedMachine } from './machines/simulated-machine.ts'
import type { AccessKey } from './signature.ts'

export interface SandboxOptions {
  /** Origins that the gateway accepts; read at each connection, so that the list may still grow. */
  allowedOrigins: readonly string[]
  /** 1 is life-like; tests boot faster. */
  bootSpeed?: number
  tokenTtlMs?: number
  servers?: ServerFixture[]
  /** Makes the machines that merely boot or idle real: they boot it under QEMU when they are first looked at. */
  linuxImage?: LinuxImage | null
  /** Adds servers that fail in every documented way, named after it. */
  faultyServers?: boolean
  /** Replaces the embedded gateway by another: gives the tokenized URL. */
  issueUrl?: (serverId: string) => string | Promise<string>
  now?: () => number
}

export interface Sandbox {
  apiEndpoint: string
  iamEndpoint: string
  /** host:port */
  gatewayHost: string
  projectId: string
  credentials: { domain: string; user: string; password: string }
  /** The other way to sign in: with a signature on each request. */
  accessKey: AccessKey
  /** Every console token that was handed out, so that a test can look for it where it must not be. */
  issuedTokens: readonly string[]
  /** The same of IAM. */
  iamTokens: readonly string[]
  machines: { total: number; real: number }
  gatewayConnections(): number
  killGateway(): Promise<void>
  restoreGateway(): Promise<void>
  expireTokens(): void
  close(): Promise<void>
}

/** The embedded bare-metal cloud: IAM, the BMS API and a serial gateway, on loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { bootSpeed = 1, tokenTtlMs = 600_000, now = Date.now } = options
  const host = '127.0.0.1'
  const projectId = '0a1b2c3d4e5f46708192a3b4c5d6e7f8'
  // Made anew at each start: the sandbox has no secret worth keeping.
  const credentials = { domain: 'sandbox', user: 'operator', password: randomUUID() }
  const accessKey = { accessKey: 'SANDBOXACCESSKEY', secretKey: randomUUID() }
  const fixtures = [...(options.servers ?? defaultFleet()), ...(options.faultyServers ? faultyFleet() : [])]
  const servers = new Map<string, SandboxServer>(
    fixtures.map((fixture) => [
      fixture.id,
      {
        fixture,
        machine: createMachine(fixture, bootSpeed, options.linuxImage ?? null),
        created: '2026-03-02T09:14:07Z',
      },
    ]),
  )
  const machines = [...servers.values()].map(({ machine }) => machine)
  const gateway = new Gateway(host, 0, '/serial/pod01.sandbox-01/', options.allowedOrigins, now)
  await gateway.listen()
  const issuedTokens: string[] = []
  const iamTokens: string[] = []
  const api = buildCloudApi({
    projectId,
    credentials,
    accessKey,
    servers,
    now,
    onIamToken: (token) => void iamTokens.push(token),
    issueUrl: ({ fixture, machine }) => {
      if (options.issueUrl) return options.issueUrl(fixture.id)
      const token = randomUUID()
      issuedTokens.push(token)
      const ttl = fixture.consoleFault === 'expired-token' ? -1 : tokenTtlMs
      gateway.issue(token, machine, now() + ttl)
      return `http://${gateway.address}${gateway.path}?token=${token}`
    },
  })
  await api.listen({ host, port: 0 })
  const apiEndpoint = `http://${host}:${(api.server.address() as AddressInfo).port}`
  return {
    apiEndpoint,
    iamEndpoint: apiEndpoint,
    gatewayHost: gateway.address,
    projectId,
    credentials,
    accessKey,
    issuedTokens,
    iamTokens,
    machines: {
      total: machines.length,
      real: machines.filter((machine) => machine instanceof LinuxMachine).length,
    },
    gatewayConnections: () => gateway.connections,
    killGateway: () => gateway.kill(),
    restoreGateway: () => gateway.listen(),
    expireTokens: () => gateway.expireTokens(),
    async close() {
      await Promise.all(machines.map((machine) => machine.dispose()))
      await gateway.kill()
      await api.close()
    },
  }
}

function createMachine(fixture: ServerFixture, speed: number, image: LinuxImage | null): Machine {
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
  return new SimulatedMachine({ hostname, kernel, image: fixture.image, firmware, poweredOn, speed })
}
