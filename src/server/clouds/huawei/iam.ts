import type { Clock } from '../../../shared/clock.ts'
import type { CloudHttp } from '../http.ts'
import { Keystone, type ProjectRef } from '../keystone/keystone.ts'
import { SignInGate } from '../keystone/sign-in-gate.ts'
import { RenewedToken } from '../keystone/tokens.ts'

/** What Huawei Cloud's IAM does differently from OpenStack's Keystone. */

/** IAM is at the root of its host. Its reference documents no Accept on the request for a token. */
export const iamClient = (iamEndpoint: string, http: CloudHttp) =>
  new Keystone(new URL(iamEndpoint).origin, http, { 'content-type': 'application/json' })

/**
 * IAM locks a user out for a while after five wrong passwords within a quarter of an hour. A refused project is held
 * for longer than that.
 */
export const iamGate = (clock: Clock) => new SignInGate(clock, 20 * 60_000)

interface PasswordSignIn {
  iamEndpoint: string
  domain: string
  user: string
  password: string
  gate?: SignInGate
}

/** Signs in to one project with user and password, and again when the token ends. */
export function passwordToken(auth: PasswordSignIn, project: ProjectRef, http: CloudHttp): RenewedToken {
  return new RenewedToken(iamClient(auth.iamEndpoint, http), {
    credentials: {
      kind: 'password',
      user: { name: auth.user, domain: { name: auth.domain } },
      password: auth.password,
    },
    scope: { project },
    refusedSays:
      "IAM rejected BMS Console's own sign-in (HUAWEI_USER, HUAWEI_DOMAIN, HUAWEI_PASSWORD), and is not asked again for some minutes: more tries could lock the user out.",
    gate: auth.gate ?? iamGate(http.clock),
  })
}
