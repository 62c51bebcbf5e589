import { randomBytes } from 'node:crypto'
import type { Clock } from '../shared/clock.ts'
import type {
  ApplicationCredential,
  CloudRole,
  SandboxDomain,
  SandboxProject,
  SandboxUser,
} from './directory.ts'

export type Scope =
  | { kind: 'unscoped' }
  | { kind: 'domain'; domain: SandboxDomain }
  | { kind: 'project'; project: SandboxProject }

export interface Token {
  value: string
  user: SandboxUser
  methods: string[]
  scope: Scope
  applicationCredential: ApplicationCredential | null
  /** The token's own id, and that of the token it came from */
  auditIds: string[]
  issuedAt: number
  expiresAt: number
}

/** The tokens that one identity service has issued */
export class TokenStore {
  readonly #tokens = new Map<string, Token>()

  constructor(
    readonly make: () => string,
    readonly clock: Clock,
    readonly onIssued: (token: string) => void,
  ) {}

  issue(wanted: Omit<Token, 'value' | 'auditIds' | 'issuedAt'>, from?: Token): Token {
    const token: Token = {
      ...wanted,
      value: this.make(),
      auditIds: [randomBytes(16).toString('base64url'), ...(from?.auditIds.slice(0, 1) ?? [])],
      issuedAt: this.clock.now(),
    }
    this.#tokens.set(token.value, token)
    this.onIssued(token.value)
    return token
  }

  /** @param value the header's value */
  find(value: string | string[] | undefined): Token | null {
    const token = this.#tokens.get(String(value))
    return token && token.expiresAt > this.clock.now() ? token : null
  }

  revoke(token: Token): void {
    this.#tokens.delete(token.value)
  }
}

/** The role of the token's user in the token's project */
export function roleOf({ scope, user }: Token): CloudRole | null {
  return scope.kind === 'project' ? (user.roles[scope.project.id] ?? null) : null
}

/** Readers may neither open consoles nor use the power actions. */
export const mayAct = (role: CloudRole | null): boolean => role === 'admin' || role === 'member'

/** IAM's tokens are signed documents. This is as long. */
export const iamTokenValue = () => `MII${randomBytes(1_200).toString('base64').replaceAll('/', '-')}`

/** Keystone's Fernet tokens begin with their version, 0x80, and a time. */
export const keystoneTokenValue = () =>
  Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0]), randomBytes(118)]).toString('base64url')
