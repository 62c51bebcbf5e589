import pMap from 'p-map'
import { retriesByItself } from '../../../shared/cause.ts'
import type { Project } from '../../../shared/sign-in.ts'
import { visibleName } from '../../../shared/visible.ts'
import { type Cloud, CloudError } from '../cloud.ts'
import type { CloudAccount, KeptAccount, OpenedProject } from '../identity-service.ts'
import type { Keystone, KeystoneProject, KeystoneToken } from './keystone.ts'

/** A project in one of its regions. */
export interface Place {
  project: KeystoneProject
  region: string | null
  /** Project and region, in words */
  where: string
}

/** Where the projects of a cloud's users have servers. Each cloud finds and opens them in its own way. */
export interface Places {
  /**
   * Finds the places where the projects can have servers.
   * @param scoped asks for a project's token, whose catalog says where the cloud is
   */
  find(
    projects: readonly KeystoneProject[],
    scoped: (project: string) => Promise<KeystoneToken>,
  ): Promise<Place[]>
  /** @param token the project's */
  open(place: Place, token: KeystoneToken): Cloud
}

/** How many tokens are asked for at once. A user may have dozens of projects. */
const AT_ONCE = 8

/** A signed-in user. The user's own token is exchanged for a token of each project. */
export class KeystoneAccount implements CloudAccount {
  readonly user: CloudAccount['user']
  #places: ReadonlyMap<string, Place> | null = null
  readonly #scoped = new Map<string, Promise<KeystoneToken>>()
  readonly #clouds: Cloud[] = []
  #closed = false

  constructor(
    readonly keystone: Keystone,
    readonly token: KeystoneToken,
    readonly places: Places,
    /** Whether the user brought the token. Then it is not revoked here. */
    readonly pasted: boolean,
  ) {
    const { user } = token
    this.user = { id: `iam:${user.domain.id}/${user.id}`, name: visibleName(user.name) }
  }

  leftMs(): number {
    return this.token.leftMs()
  }

  async projects(): Promise<Project[]> {
    const places = await this.#find()
    return [...places].map(([key, { project, region }]) => ({ key, name: visibleName(project.name), region }))
  }

  async open(keys: readonly string[]): Promise<OpenedProject[]> {
    const places = this.#places ?? (await this.#find())
    const chosen = keys.map((key) => {
      const place = places.get(key)
      if (place) return place
      throw new CloudError({
        cause: 'no-permission',
        detail: 'One of the projects does not belong to this user.',
      })
    })
    const failures: CloudError[] = []
    const open = async (place: Place): Promise<OpenedProject> => {
      const { where, project } = place
      let known: string[] | null = null
      const enter = async () => {
        const { cloud, token } = await this.#open(place)
        known = token.roles
        return cloud
      }
      const roles = () => known
      try {
        return { where, project, cloud: await enter(), roles }
      } catch (error) {
        if (!(error instanceof CloudError) || error.failure.cause === 'signed-out') throw error
        failures.push(error)
        // If Keystone was only away for a moment, the project is tried again when its servers are asked for.
        const again = retriesByItself[error.failure.cause] ? enter : () => Promise.reject(error)
        return { where, project, cloud: openLater(again), roles }
      }
    }
    const parts = await pMap(chosen, open, { concurrency: AT_ONCE })
    const [failure] = failures
    if (failure && failures.length === parts.length) throw failure
    return parts
  }

  get kept(): KeptAccount {
    return { token: this.token.value, pasted: this.pasted }
  }

  async close(): Promise<void> {
    await this.leave()
    // The user's own token goes last: the others were asked for with it.
    if (!this.pasted) await this.#revoke(this.token.value)
  }

  async leave(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#clouds.map((cloud) => cloud.close()))
    const issued = (await Promise.allSettled(this.#scoped.values())).flatMap((result) =>
      result.status === 'fulfilled' ? [result.value.value] : [],
    )
    const tokens = new Set(issued)
    // The user's own may be a project's token: it must not be revoked with those.
    tokens.delete(this.token.value)
    await pMap(tokens, (token) => this.#revoke(token), { concurrency: AT_ONCE })
  }

  /** A token that cannot be revoked now ends by itself. */
  async #revoke(token: string): Promise<void> {
    await this.keystone.revoke(token).catch(() => {})
  }

  async #find(): Promise<ReadonlyMap<string, Place>> {
    this.#mustBeOpen()
    const projects = await this.keystone.projects(this.token.value)
    const found = await this.places.find(projects, (project) => this.#token(project))
    this.#places = new Map(found.map((place) => [`${place.region ?? ''}/${place.project.id}`, place]))
    return this.#places
  }

  async #open(place: Place): Promise<{ cloud: Cloud; token: KeystoneToken }> {
    const token = await this.#token(place.project.id)
    const cloud = this.places.open(place, token)
    this.#clouds.push(cloud)
    return { cloud, token }
  }

  /** Asks for the token of a project, once. */
  #token(project: string): Promise<KeystoneToken> {
    this.#mustBeOpen()
    if (this.token.project?.id === project) return Promise.resolve(this.token)
    const known = this.#scoped.get(project)
    if (known) return known
    const asked = this.#ask(project)
    this.#scoped.set(project, asked)
    asked.catch(() => this.#scoped.delete(project))
    return asked
  }

  async #ask(project: string): Promise<KeystoneToken> {
    try {
      return await this.keystone.authenticate(
        { kind: 'token', token: this.token.value },
        { project: { id: project } },
      )
    } catch (error) {
      if (!(error instanceof CloudError) || error.failure.cause !== 'signed-out') throw error
      // Keystone answers 401 if the token has ended, but also if the project is disabled or the user has no role there
      // any more. Looking at the token itself tells them apart.
      await this.keystone.inspect(this.token.value)
      throw new CloudError({ ...error.failure, cause: 'no-permission' })
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new CloudError({ cause: 'signed-out', detail: 'This sign-in has ended.' })
  }
}

/** Stands in for a project that could not be opened. Each call tries again; until one succeeds, it fails with the reason. */
function openLater(open: () => Promise<Cloud>): Cloud {
  let opened: Promise<Cloud> | null = null
  const late = () => {
    opened ??= open().catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  return {
    listServers: async (want) => (await late()).listServers(want),
    getServer: async (id) => (await late()).getServer(id),
    attachments: async (id) => (await late()).attachments(id),
    remoteConsole: async (id) => (await late()).remoteConsole(id),
    power: async (id, action) => (await late()).power(id, action),
    powerJob: async (id, job) => (await late()).powerJob(id, job),
    // The account closes what was opened.
    async close() {},
  }
}
