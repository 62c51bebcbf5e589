import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../shared/clock.ts'
import type { Directory, SandboxUser } from './directory.ts'
import type { Scope, Token, TokenStore } from './tokens.ts'

/**
 * Two services answer `POST /v3/auth/tokens`. They agree on the request and on little else.
 * - keystone: https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 * - iam: https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html (password), iam_03_0006.html (with MFA)
 */
export type Dialect = 'iam' | 'keystone'

/** A refusal in the words of the service. */
export class IdentityError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404,
    message: string,
  ) {
    super(message)
  }
}

/** Keystone wants another method: the password was right, but is not enough. */
export class MoreMethodsNeeded extends Error {
  constructor(readonly receipt: Receipt) {
    super('more methods are needed')
  }
}

export interface Receipt {
  id: string
  user: SandboxUser
  methods: string[]
  issuedAt: number
  expiresAt: number
}

const Named = z.union([z.object({ id: z.string() }), z.object({ name: z.string() })])
const User = z.union([z.object({ id: z.string() }), z.object({ name: z.string(), domain: Named })])
const Project = z.union([
  z.object({ id: z.string() }),
  z.object({ name: z.string(), domain: Named.optional() }),
])
export const TokenRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      password: z.object({ user: z.intersection(User, z.object({ password: z.string() })) }).optional(),
      // IAM's documents have no domain here: it is that of the password's user.
      totp: z.object({ user: z.intersection(Named, z.object({ passcode: z.string() })) }).optional(),
      token: z.object({ id: z.string() }).optional(),
      application_credential: z
        .union([
          z.object({ id: z.string(), secret: z.string() }),
          z.object({ name: z.string(), secret: z.string(), user: User }),
        ])
        .optional(),
    }),
    scope: z
      .union([
        z.literal('unscoped'),
        // Older clients send this: https://bugs.launchpad.net/keystoneauth/+bug/1637682/
        z.object({ unscoped: z.object({}) }),
        z.object({ project: Project.optional(), domain: Named.optional() }),
      ])
      .optional(),
  }),
})
type Auth = z.infer<typeof TokenRequest>['auth']

const UNAUTHORISED = 'The request you have made requires authentication.'
/** https://docs.openstack.org/keystone/latest/admin/auth-receipt.html */
const RECEIPT_MS = 5 * 60_000
/** IAM's tokens last 24 hours, Keystone's by default one. */
const TOKEN_MS = { iam: 24 * 3_600_000, keystone: 3_600_000 } as const

export class Authentication {
  readonly #receipts = new Map<string, Receipt>()

  constructor(
    readonly dialect: Dialect,
    readonly directory: Directory,
    readonly tokens: TokenStore,
    readonly clock: Clock,
  ) {}

  /**
   * @param receiptId the header `Openstack-Auth-Receipt`
   * @throws IdentityError, MoreMethodsNeeded
   */
  authenticate({ identity, scope }: Auth, receiptId: string | undefined): Token {
    const { methods } = identity
    for (const method of methods) {
      if (
        method !== 'password' &&
        method !== 'totp' &&
        method !== 'token' &&
        method !== 'application_credential'
      )
        throw this.#refusal('Attempted to authenticate with an unsupported method.')
      if (!identity[method])
        throw new IdentityError(
          400,
          `Expecting to find ${method} in identity. The client is assumed to be in error.`,
        )
    }
    if (methods.includes('token')) return this.#rescope(identity.token?.id, scope)
    if (methods.includes('application_credential')) return this.#byApplicationCredential(identity, scope)
    const user = this.#passwordAndCode(identity, receiptId)
    return this.tokens.issue({
      user,
      methods: user.totpSecret ? ['password', 'totp'] : ['password'],
      scope: this.#scope(user, scope),
      applicationCredential: null,
      expiresAt: this.clock.now() + TOKEN_MS[this.dialect],
    })
  }

  #passwordAndCode(
    { methods, password, totp }: Auth['identity'],
    receiptId: string | undefined,
  ): SandboxUser {
    const receipt = receiptId === undefined ? null : this.#findReceipt(receiptId)
    const done = new Set(receipt?.methods)
    let user = receipt?.user
    if (methods.includes('password') && password) {
      user = this.directory.user(password.user)
      if (!user || (receipt && receipt.user !== user)) throw this.#wrongPassword()
      switch (this.directory.checkPassword(user, password.user.password)) {
        case 'wrong':
          throw this.#wrongPassword()
        case 'locked':
          // https://support.huaweicloud.com/intl/en-us/iam_faq/iam_01_0130.html
          throw new IdentityError(
            401,
            this.dialect === 'iam' ? 'The account is locked.' : `The account is locked for user: ${user.id}.`,
          )
        case 'disabled':
          throw new IdentityError(
            401,
            this.dialect === 'iam'
              ? 'The user is disabled.'
              : `The account is disabled for user: ${user.id}.`,
          )
        case 'good':
          done.add('password')
      }
    }
    if (methods.includes('totp') && totp) {
      const { user: named } = totp
      const other = 'id' in named ? this.directory.user({ id: named.id }) : null
      // A name alone means the user whose password was given.
      user ??= other ?? undefined
      const same = 'id' in named ? other === user : user?.name === named.name
      if (!user || !same || !this.directory.checkCode(user, named.passcode)) throw this.#wrongCode()
      done.add('totp')
    }
    if (!user) throw this.#refusal()
    if (!done.has('password') || (user.totpSecret && !done.has('totp'))) {
      if (this.dialect === 'iam') throw this.#wrongCode()
      throw new MoreMethodsNeeded(this.#issueReceipt(user, [...done]))
    }
    return user
  }

  /** Exchanges a token for one with another scope. The new one lives no longer. */
  #rescope(value: string | undefined, scope: Auth['scope']): Token {
    const from = this.tokens.find(value)
    if (!from) throw this.#refusal()
    const { applicationCredential } = from
    if (applicationCredential && scope)
      throw new IdentityError(
        403,
        'You are not authorized to perform the requested action: Using an application credential token to create a scoped token is not allowed..',
      )
    return this.tokens.issue(
      {
        user: from.user,
        methods: [...new Set(['token', ...from.methods])],
        scope: applicationCredential ? from.scope : this.#scope(from.user, scope),
        applicationCredential,
        expiresAt: from.expiresAt,
      },
      from,
    )
  }

  #byApplicationCredential({ application_credential: given }: Auth['identity'], scope: Auth['scope']): Token {
    const known = this.directory.applicationCredential
    const named =
      given &&
      ('id' in given
        ? given.id === known.id
        : given.name === known.name && this.directory.user(given.user) === known.user)
    if (this.dialect === 'iam' || !named || given.secret !== known.secret) throw this.#refusal()
    if (scope)
      throw this.#refusal(
        'Error authenticating with application credential: Application credentials cannot request a scope.',
      )
    return this.tokens.issue({
      user: known.user,
      methods: ['application_credential'],
      scope: { kind: 'project', project: known.project },
      applicationCredential: known,
      expiresAt: this.clock.now() + TOKEN_MS[this.dialect],
    })
  }

  #scope(user: SandboxUser, wanted: Auth['scope']): Scope {
    const home = this.directory.domain({ name: user.domain })
    const given = typeof wanted === 'object' && !('unscoped' in wanted) ? wanted : null
    if (!given) {
      // Without a scope, IAM gives a token of the domain, which is good for the global services.
      return this.dialect === 'iam' && home ? { kind: 'domain', domain: home } : { kind: 'unscoped' }
    }
    const { project, domain } = given
    // If both are given, IAM takes the project. Keystone wants exactly one.
    if (this.dialect === 'keystone' && (project === undefined) === (domain === undefined))
      throw new IdentityError(
        400,
        'Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope. The client is assumed to be in error.',
      )
    if (project) {
      // A name means nothing without a domain. IAM takes the user's own, Keystone wants it in the request.
      if (this.dialect === 'keystone' && 'name' in project && !project.domain)
        throw new IdentityError(
          400,
          'Expecting to find domain in project. The client is assumed to be in error.',
        )
      const found = this.directory
        .projectsOf(user)
        .find((each) =>
          'id' in project ? each.id === project.id : this.#named(each.name[this.dialect], project),
        )
      if (!found) throw this.#refusal()
      return { kind: 'project', project: found }
    }
    const found = domain && this.directory.domain(domain)
    // Keystone has roles in domains apart from those in projects. Here only the operator has one.
    const mayHave = this.dialect === 'iam' || user === this.directory.people.operator
    if (!found || found !== home || !mayHave) throw this.#refusal()
    return { kind: 'domain', domain: found }
  }

  /** All projects belong to the domain `sandbox`, also those of users from elsewhere. */
  #named(name: string, wanted: { name: string; domain?: z.infer<typeof Named> | undefined }): boolean {
    const inDomain = !wanted.domain || this.directory.domain(wanted.domain)?.name === 'sandbox'
    return name === wanted.name && inDomain
  }

  #issueReceipt(user: SandboxUser, methods: string[]): Receipt {
    const issuedAt = this.clock.now()
    const id = randomBytes(90).toString('base64url')
    const receipt = { id, user, methods, issuedAt, expiresAt: issuedAt + RECEIPT_MS }
    this.#receipts.set(id, receipt)
    return receipt
  }

  #findReceipt(id: string): Receipt {
    const receipt = this.#receipts.get(id)
    if (!receipt || receipt.expiresAt <= this.clock.now()) throw this.#refusal()
    return receipt
  }

  #refusal(message = UNAUTHORISED): IdentityError {
    return new IdentityError(401, message)
  }

  #wrongPassword(): IdentityError {
    return this.#refusal(this.dialect === 'iam' ? 'The username or password is wrong.' : UNAUTHORISED)
  }

  /**
   * IAM has the same words for a wrong code and for a missing one.
   * https://github.com/opentelekomcloud/python-otcextensions/issues/336
   */
  #wrongCode(): IdentityError {
    return this.#refusal(this.dialect === 'iam' ? 'mfa totp code verify fail' : UNAUTHORISED)
  }
}
