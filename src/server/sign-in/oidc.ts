import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Failure } from '../../shared/cause.ts'
import type { CurrentUser } from '../../shared/user.ts'
import { type Audit, askerOf, outcomeOf } from '../audit/audit.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { BrowserSignIns, isSecure } from './browser-sign-ins.ts'
import type { SignInMode } from './mode.ts'
import { OidcClient, type OidcPerson } from './oidc-client.ts'
import { StartCookies } from './oidc-start-cookies.ts'
import { OidcStarts } from './oidc-starts.ts'
import { ownPath } from './own-path.ts'
import { roleOf } from './roles.ts'
import type { OidcSettings } from './settings.ts'

export interface OidcSignInOptions {
  settings: OidcSettings
  /** The proxy's own: the cloud does not know these users, the role decides. */
  cloud: Cloud
  /** Read at each request: with port 0 they are known only once it listens. */
  publicOrigins: () => readonly string[]
  now?: () => number
}

type User = CurrentUser & { id: string }

/** Sign-ins that one address may begin, and come back with, in a minute: an office may share one. */
const PER_MINUTE = 120

/** Mode `oidc`: people sign in at an OpenID provider, whose groups give them a role here. */
export function oidcSignIn({
  settings,
  cloud,
  publicOrigins,
  now = Date.now,
}: OidcSignInOptions): SignInMode {
  const client = new OidcClient(settings, now)
  const starts = new OidcStarts({ secret: settings.secret, now })
  const signIns = new BrowserSignIns<{ user: User }>({
    idleMs: settings.idleMs,
    totalMs: settings.totalMs,
    now,
    publicOrigins,
  })

  /** @returns where the person signs in */
  async function begin(request: FastifyRequest, reply: FastifyReply, to: string): Promise<string> {
    const { url, checks } = await client.begin(callbackAt(originOf(request, publicOrigins())))
    // Asked now, as the cookie of a sign-in does not come with the way back from another site.
    const before = signIns.find(request, reply)
    const sealed = await starts.seal({
      ...checks,
      to,
      before: before && { handle: before.handle, userId: before.userId },
    })
    startCookies(request, reply).set(checks.state, sealed)
    return url
  }

  /**
   * @returns who has signed in, and the page to go to
   * @throws CloudError `sign-in-failed`, `no-role`
   */
  async function finish(request: FastifyRequest, reply: FastifyReply, state: string) {
    const sealed = startCookies(request, reply).take(state)
    const start = sealed === null ? null : await starts.redeem(sealed, state)
    if (!start)
      throw failed('this browser has not begun this sign-in, or too long ago, or has finished it before')
    const answer = new URL(request.url, originOf(request, publicOrigins()))
    const user = userOf(await client.finish(answer, start))
    const { before } = start
    const replaced = before && signIns.store.of(before.userId).find(({ handle }) => handle === before.handle)
    if (replaced) signIns.store.end(replaced, 'replaced')
    signIns.begin(request, reply, { userId: user.id, kept: { user } })
    return { user, to: start.to }
  }

  /** @throws CloudError `no-role` */
  function userOf({ subject, name, groups }: OidcPerson): User {
    const role = roleOf(groups, settings.roles, null)
    const id = `oidc:${settings.issuer}#${subject}`
    if (role) return { id, name, role }
    throw new Refused({ id, name })
  }

  const startCookies = (request: FastifyRequest, reply: FastifyReply) =>
    new StartCookies(request, reply, isSecure(request, publicOrigins()))

  /** A person's browser is here, not the page's code: it is sent to the page, which has the words of the cause. */
  const sendBack = (audit: Audit) => (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const { cause, detail } = failureOf(error)
    if (cause === 'proxy-error') request.log.error({ err: error }, 'request failed')
    else request.log.warn({ cause, detail }, 'nobody signed in')
    // Whoever is held up would fill the log.
    if (cause !== 'sign-in-throttled') {
      const user = error instanceof Refused ? error.user : null
      audit.record('sign-in', { ...askerOf(request), ...outcomeOf(cause), user })
    }
    return reply.redirect(`/sign-in?${new URLSearchParams({ failed: cause })}`)
  }

  return {
    identify(request, reply) {
      const signIn = signIns.find(request, reply)
      if (!signIn) return { cause: 'sign-in-needed' }
      return { user: signIn.kept.user, cloud, cloudDecides: false, signIn: signIn.handle }
    },
    state(request, reply) {
      const signIn = signIns.find(request, reply)
      if (!signIn) return { state: 'signed-out', offer: { mode: 'oidc', provider: settings.providerName } }
      const { name, role } = signIn.kept.user
      return { state: 'signed-in', user: { name, role }, maySignOut: true, projects: null }
    },
    routes(instance, audit) {
      const api = instance.withTypeProvider<ZodTypeProvider>()
      const route = {
        config: {
          access: 'anyone',
          rateLimit: { max: PER_MINUTE, timeWindow: '1 minute' },
        },
        // A look-ahead with HEAD would use the answer up.
        exposeHeadRoute: false,
        errorHandler: sendBack(audit),
      } as const
      api.get(
        '/api/sign-in/oidc',
        {
          ...route,
          schema: {
            summary: "Sends the browser to the provider's sign-in",
            tags: ['sign-in'],
            querystring: z.object({ to: z.string().optional() }),
          },
        },
        async (request, reply) => reply.redirect(await begin(request, reply, ownPath(request.query.to))),
      )
      api.get(
        '/api/sign-in/oidc/callback',
        {
          ...route,
          schema: {
            hide: true,
            // The rest is the client library's to check.
            querystring: z.object({ state: z.string().regex(/^[\w-]{43}$/) }),
          },
        },
        async (request, reply) => {
          const { user, to } = await finish(request, reply, request.query.state)
          audit.record('sign-in', { ...askerOf(request), outcome: 'done', user: known(user) })
          return reply.redirect(to)
        },
      )
    },
    async signOut(request, reply, everywhere) {
      const ended = signIns.signOut(request, reply, everywhere)
      // Signing out here does not depend on the provider's being there.
      const continueAt = await client
        .signOutUrl(`${originOf(request, publicOrigins())}/sign-in`)
        .catch((error: unknown) => {
          request.log.warn({ detail: failureOf(error).detail }, "no way to the provider's sign-out")
          return null
        })
      return { user: ended && known(ended.kept.user), answer: { continueAt } }
    },
    onEnded: (listener) => signIns.store.onEnded(({ handle }) => listener(handle)),
    async close() {
      signIns.close()
      await cloud.close()
    },
  }
}

const known = ({ id, name }: User) => ({ id, name })

const callbackAt = (origin: string) => `${origin}/api/sign-in/oidc/callback`

/** The public origin that the browser came by; the guard has let in no other. */
function originOf(request: FastifyRequest, publicOrigins: readonly string[]): string {
  const host = request.headers.host?.toLowerCase()
  const origin = publicOrigins.find((candidate) => new URL(candidate).host === host) ?? publicOrigins[0]
  if (origin === undefined) throw new Error('there is no public origin')
  return origin
}

const failed = (detail: string) => new CloudError({ cause: 'sign-in-failed', detail })

/** The provider knows this person, but none of the groups has a role. */
class Refused extends CloudError {
  constructor(readonly user: { id: string; name: string }) {
    super({ cause: 'no-role', detail: 'None of the groups of this user has a role here.' })
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CloudError) return error.failure
  const status = z.object({ statusCode: z.number() }).safeParse(error).data?.statusCode ?? 500
  if (status === 429) return { cause: 'sign-in-throttled' }
  // The message of a refused query may repeat it: it is not told.
  return { cause: status < 500 ? 'bad-request' : 'proxy-error' }
}
