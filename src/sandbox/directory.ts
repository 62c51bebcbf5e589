import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../shared/clock.ts'
import { newTotpSecret, totpCode } from './totp.ts'

export interface SandboxRegion {
  id: string
  /** Where this region's services are */
  endpoint: string
}

export interface SandboxProject {
  id: string
  /** Huawei's IAM names a project after its region. In Keystone the operator chooses the name. */
  name: { iam: string; keystone: string }
  /** The region of its servers */
  region: string
}

/** Keystone's default roles, from most to least. Each includes the next. */
export type CloudRole = 'admin' | 'member' | 'reader'

export interface SandboxUser {
  id: string
  name: string
  domain: string
  password: string
  /** Base32; null if a password is enough */
  totpSecret: string | null
  enabled: boolean
  /** By the project's id */
  roles: Readonly<Record<string, CloudRole>>
}

export interface SandboxDomain {
  id: string
  name: string
}

/** https://docs.openstack.org/keystone/latest/user/application_credentials.html */
export interface ApplicationCredential {
  id: string
  name: string
  secret: string
  user: SandboxUser
  project: SandboxProject
}

export const REGIONS = ['eu-de', 'eu-nl'] as const

export const PROJECTS = {
  /** The proxy shows this one's servers where users do not choose. */
  first: {
    id: '0a1b2c3d4e5f46708192a3b4c5d6e7f8',
    name: { iam: 'eu-de', keystone: 'platform' },
    region: 'eu-de',
  },
  second: {
    id: '7f6e5d4c3b2a49188f7e6d5c4b3a2910',
    name: { iam: 'eu-nl', keystone: 'research' },
    region: 'eu-nl',
  },
} satisfies Record<string, SandboxProject>

const lastingId = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

const domains: readonly SandboxDomain[] = ['sandbox', 'partner'].map((name) => ({
  id: lastingId(name),
  name,
}))

/** One person for each rule. Passwords are new at each start: the sandbox has no secret worth keeping. */
export function people() {
  const { first, second } = PROJECTS
  const person = (name: string, more: Partial<SandboxUser>): SandboxUser => {
    const domain = more.domain ?? 'sandbox'
    const id = lastingId(`${domain}/${name}`)
    return { id, name, domain, password: randomUUID(), totpSecret: null, enabled: true, roles: {}, ...more }
  }
  return {
    /** The proxy signs in as this user where people do not sign in themselves. */
    operator: person('operator', { roles: { [first.id]: 'admin', [second.id]: 'admin' } }),
    /** Has two projects in two regions. In the second she may only look. */
    alice: person('alice', { roles: { [first.id]: 'member', [second.id]: 'reader' } }),
    mfa: person('mia', { totpSecret: newTotpSecret(), roles: { [first.id]: 'member' } }),
    /** Lists servers, and may open no console. */
    reader: person('rita', { roles: { [first.id]: 'reader' } }),
    disabled: person('dan', { enabled: false, roles: { [first.id]: 'member' } }),
    projectless: person('paula', {}),
    /** Has the same name in another domain. */
    partner: person('alice', { domain: 'partner', roles: { [second.id]: 'member' } }),
  }
}

export type People = ReturnType<typeof people>

type Named = { id: string } | { name: string }
export type UserRef = { id: string } | { name: string; domain: Named }

/** IAM's default. Keystone locks users out only if its operator says so. */
const LOCK_MS = 15 * 60_000

/** Knows the users, and counts their failed sign-ins. */
export class Directory {
  readonly projects: readonly SandboxProject[] = Object.values(PROJECTS)
  readonly applicationCredential: ApplicationCredential
  readonly #users: readonly SandboxUser[]
  readonly #failures = new Map<string, { count: number; lastAt: number }>()

  constructor(
    readonly people: People,
    readonly lockAfter: number,
    readonly clock: Clock,
  ) {
    this.#users = Object.values(people)
    this.applicationCredential = {
      id: lastingId('application credential'),
      name: 'console-proxy',
      secret: randomUUID(),
      user: people.operator,
      project: PROJECTS.first,
    }
  }

  domain(ref: Named): SandboxDomain | undefined {
    return domains.find((domain) => ('id' in ref ? domain.id === ref.id : domain.name === ref.name))
  }

  user(ref: UserRef): SandboxUser | undefined {
    if ('id' in ref) return this.#users.find(({ id }) => id === ref.id)
    const domain = this.domain(ref.domain)
    return this.#users.find((user) => user.name === ref.name && user.domain === domain?.name)
  }

  projectsOf(user: SandboxUser): SandboxProject[] {
    return this.projects.filter(({ id }) => user.roles[id])
  }

  /**
   * Checks in Keystone's order: a locked user is refused with any password, a disabled user with the right one, too.
   * https://opendev.org/openstack/keystone/src/branch/master/keystone/identity/backends/sql.py
   */
  checkPassword(user: SandboxUser, password: string): 'good' | 'locked' | 'wrong' | 'disabled' {
    const failures = this.#failures.get(user.id)
    const ended = failures && failures.lastAt + LOCK_MS <= this.clock.now()
    if (ended) this.#failures.delete(user.id)
    else if (failures && failures.count >= this.lockAfter) return 'locked'
    if (user.password !== password) {
      this.#fail(user)
      return 'wrong'
    }
    if (!user.enabled) return 'disabled'
    // A user with a code has proved nothing yet with the password alone.
    if (!user.totpSecret) this.#failures.delete(user.id)
    return 'good'
  }

  /** Takes the code of this half minute or of the one before: people type slowly. */
  checkCode(user: SandboxUser, code: string): boolean {
    const { totpSecret } = user
    const good =
      totpSecret !== null &&
      [0, 30_000].some((late) => totpCode(totpSecret, this.clock.now() - late) === code)
    if (good) this.#failures.delete(user.id)
    else this.#fail(user)
    return good
  }

  #fail({ id }: SandboxUser): void {
    const count = (this.#failures.get(id)?.count ?? 0) + 1
    this.#failures.set(id, { count, lastAt: this.clock.now() })
  }
}
