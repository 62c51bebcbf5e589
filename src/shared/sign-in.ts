import * as z from 'zod/mini'
import { Failure } from './cause.ts'
import { CurrentUser } from './user.ts'

/**
 * Sent as `1` with what the page asks by itself, while nobody touches it: it must not keep a sign-in from ending for
 * want of its user.
 */
export const IDLE_HEADER = 'x-bms-console-idle'

/** A project of the cloud in one region, as the project chooser shows it. */
export const Project = z.object({
  /** Names project and region in one word. */
  key: z.string(),
  name: z.string(),
  region: z.nullable(z.string()),
})
export type Project = z.infer<typeof Project>

/** What the cloud calls the domain that a user belongs to: an account on Huawei Cloud, a domain on OpenStack. */
const DomainTerm = z.enum(['account', 'domain'])
export type DomainTerm = z.infer<typeof DomainTerm>

/** How one signs in here. */
export const SignInOffer = z.discriminatedUnion('mode', [
  /** An authenticating proxy in front of this server does it, and has not. */
  z.object({ mode: z.literal('service') }),
  /** With the cloud's own users. */
  z.object({
    mode: z.literal('iam'),
    cloud: z.string(),
    domain: z.nullable(z.string()),
    domainTerm: DomainTerm,
  }),
  /** At an OpenID provider. */
  z.object({ mode: z.literal('oidc'), provider: z.string() }),
])
export type SignInOffer = z.infer<typeof SignInOffer>

export const SignInState = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('signed-out'),
    offer: SignInOffer,
    /** Why, where there is more to it than that nobody has signed in. */
    why: z.optional(Failure),
  }),
  /** Signed in with the cloud, which has several projects: servers come after the choice. */
  z.object({ state: z.literal('choosing-projects'), user: CurrentUser, projects: z.array(Project) }),
  z.object({
    state: z.literal('signed-in'),
    user: CurrentUser,
    /** False where there is nothing to sign out of: mode `service`. */
    maySignOut: z.boolean(),
    /** The chosen ones; null where there is no choice. */
    projects: z.nullable(z.array(Project)),
  }),
])
export type SignInState = z.infer<typeof SignInState>

const short = () => z.string().check(z.minLength(1), z.maxLength(256))

/** What a person signs in to the cloud with. */
export const IamCredentials = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('password'),
    /** The account's (domain's) name */
    domain: short(),
    user: short(),
    password: z.string().check(z.minLength(1), z.maxLength(1024)),
    /** Of the MFA device, where the account asks for it */
    code: z.optional(z.string().check(z.regex(/^\d{6,8}$/))),
  }),
  z.object({ method: z.literal('token'), token: z.string().check(z.minLength(1), z.maxLength(32_768)) }),
])
export type IamCredentials = z.infer<typeof IamCredentials>

/** Keys of the projects whose servers are shown. */
export const ProjectChoice = z.object({ projects: z.array(short()).check(z.minLength(1), z.maxLength(50)) })
export type ProjectChoice = z.infer<typeof ProjectChoice>

/** All projects that the user may choose from, and the keys of the chosen ones. */
export const ProjectOffer = z.object({ projects: z.array(Project), chosen: z.array(z.string()) })
export type ProjectOffer = z.infer<typeof ProjectOffer>

export const SignOutRequest = z.object({ everywhere: z.boolean() })
export type SignOutRequest = z.infer<typeof SignOutRequest>

/** Where the page goes next: the provider's own sign-out, where there is one. */
export const SignOutAnswer = z.object({ continueAt: z.nullable(z.string()) })
export type SignOutAnswer = z.infer<typeof SignOutAnswer>
