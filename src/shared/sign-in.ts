import * as z from 'zod/mini'
import { Failure } from './cause.ts'
import { CurrentUser } from './user.ts'

/**
 * The page sends `1` with requests that it makes by itself while nobody uses it. These must not keep an idle sign-in
 * alive.
 */
export const IDLE_HEADER = 'x-bms-console-idle'

/** A project of the cloud in one region, as the project chooser shows it. */
export const Project = z.object({
  /** Names the project and the region */
  key: z.string(),
  name: z.string(),
  region: z.nullable(z.string()),
})
export type Project = z.infer<typeof Project>

/** What the cloud calls the domain that a user belongs to: an account on Huawei Cloud, a domain on OpenStack. */
const DomainTerm = z.enum(['account', 'domain'])
export type DomainTerm = z.infer<typeof DomainTerm>

/** How people sign in here. */
export const SignInOffer = z.discriminatedUnion('mode', [
  /** An authenticating proxy in front of this server should have named the user, and did not. */
  z.object({ mode: z.literal('service') }),
  /** As a user of the cloud */
  z.object({
    mode: z.literal('iam'),
    cloud: z.string(),
    domain: z.nullable(z.string()),
    domainTerm: DomainTerm,
  }),
  /** At an OpenID provider */
  z.object({ mode: z.literal('oidc'), provider: z.string() }),
])
export type SignInOffer = z.infer<typeof SignInOffer>

export const SignInState = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('signed-out'),
    offer: SignInOffer,
    /** Why, if there is a reason beside that nobody has signed in */
    why: z.optional(Failure),
  }),
  /** The cloud knows the user. It has several projects, so the user chooses before any server is shown. */
  z.object({ state: z.literal('choosing-projects'), user: CurrentUser, projects: z.array(Project) }),
  z.object({
    state: z.literal('signed-in'),
    user: CurrentUser,
    /** False in mode `service`, which has nothing to sign out of */
    maySignOut: z.boolean(),
    /** The chosen projects; null in modes without a choice */
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
    /** The MFA device's code, for accounts that have one */
    code: z.optional(z.string().check(z.regex(/^\d{6,8}$/))),
  }),
  z.object({ method: z.literal('token'), token: z.string().check(z.minLength(1), z.maxLength(32_768)) }),
])
export type IamCredentials = z.infer<typeof IamCredentials>

/** Keys of the projects whose servers are shown. */
export const ProjectChoice = z.object({ projects: z.array(short()).check(z.minLength(1), z.maxLength(50)) })
export type ProjectChoice = z.infer<typeof ProjectChoice>

/** All projects that the user can choose from, and the keys of the chosen ones. */
export const ProjectOffer = z.object({ projects: z.array(Project), chosen: z.array(z.string()) })
export type ProjectOffer = z.infer<typeof ProjectOffer>

export const SignOutRequest = z.object({ everywhere: z.boolean() })
export type SignOutRequest = z.infer<typeof SignOutRequest>

/** Where the page goes next: the provider's own sign-out, if it has one. */
export const SignOutAnswer = z.object({ continueAt: z.nullable(z.string()) })
export type SignOutAnswer = z.infer<typeof SignOutAnswer>
