import { type Cloud, CloudError } from '../../server/clouds/cloud.ts'
import type {
  CloudAccount,
  IdentityService,
  KeptAccount,
  OpenedProject,
} from '../../server/clouds/identity-service.ts'
import type { IamCredentials, Project } from '../../shared/sign-in.ts'
import { silentCloud } from './identity.ts'

export const project = (key: string): Project => ({ key, name: `project ${key}`, region: 'eu-de' })

/** For tests: a cloud that knows users, whose password is `right` and whose code is 123456 where they need one. */
export class TestIdentityService implements IdentityService {
  readonly name = 'Test cloud'
  readonly domain = 'acme'
  readonly domainTerm = 'account'
  /** What it was asked for, and what was given up */
  readonly calls: string[] = []
  projects = [project('p1')]
  roles = ['te_admin']
  leftMs = Number.POSITIVE_INFINITY
  needsCode = false
  /** Thrown by every call until it is taken away */
  failure: CloudError | null = null
  /** Awaited by every sign-in */
  gate: Promise<void> = Promise.resolve()
  /** Thrown by what gives up an account */
  closeFailure: Error | null = null
  readonly #cloud: Partial<Cloud>

  /** @param cloud what all projects have */
  constructor(cloud: Partial<Cloud> = {}) {
    this.#cloud = cloud
  }

  async signIn(credentials: IamCredentials): Promise<CloudAccount> {
    const name = credentials.method === 'password' ? credentials.user : 'bearer'
    this.calls.push(`sign in ${name}`)
    await this.gate
    this.#mayFail()
    if (credentials.method === 'password') {
      if (credentials.password !== 'right') throw new CloudError({ cause: 'credentials-refused' })
      if (this.needsCode && credentials.code === undefined) throw new CloudError({ cause: 'code-needed' })
      if (this.needsCode && credentials.code !== '123456')
        throw new CloudError({ cause: 'credentials-refused' })
    }
    return this.#account(name)
  }

  async resume({ token }: KeptAccount): Promise<CloudAccount> {
    const name = token.replace(/^token of /, '')
    this.calls.push(`resume ${name}`)
    this.#mayFail()
    return this.#account(name)
  }

  #account(name: string): CloudAccount {
    return {
      user: { id: `iam:acme/${name}`, name },
      kept: { token: `token of ${name}`, pasted: false },
      leftMs: () => this.leftMs,
      projects: async () => {
        this.#mayFail()
        return this.projects
      },
      open: async (keys) => {
        this.calls.push(`open ${keys.join('+')}`)
        this.#mayFail()
        return keys.map((key) => this.#opened(key))
      },
      close: async () => {
        this.calls.push(`close ${name}`)
        if (this.closeFailure) throw this.closeFailure
      },
      leave: async () => void this.calls.push(`leave ${name}`),
    }
  }

  async close(): Promise<void> {
    this.calls.push('close')
  }

  #opened(key: string): OpenedProject {
    const cloud = {
      ...silentCloud,
      ...this.#cloud,
      listServers: async () => {
        this.#mayFail()
        return (await this.#cloud.listServers?.()) ?? { servers: [], missing: [] }
      },
      close: async () => void this.calls.push(`close ${key}`),
    }
    return { where: key, project: { id: `id-${key}`, name: key }, cloud, roles: () => this.roles }
  }

  #mayFail(): void {
    if (this.failure) throw this.failure
  }
}
