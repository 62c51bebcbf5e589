import type { FastifyRequest } from 'fastify'
import type { Failure } from '../../../shared/cause.ts'
import { visibleName } from '../../../shared/visible.ts'
import { addressMatcher } from '../../addresses.ts'
import type { SharedCloud } from '../../clouds/snapshot.ts'
import type { Identity } from '../identity.ts'
import type { SignInMode } from '../mode.ts'
import { mapsNothing, roleOf } from '../roles.ts'
import type { ServiceSettings } from '../settings.ts'

const LOCAL_USER = 'service'

/** Nobody tells the people on loopback apart, so several may be behind this one user. */
export const isLocalUser = ({ id }: { id: string }) => id === LOCAL_USER

interface ServiceOptions {
  /** With the proxy's own credentials */
  cloud: SharedCloud
}

/** Mode `service` on loopback: a person who reaches this server is at its machine. */
export function serviceSignIn({ cloud }: ServiceOptions): SignInMode {
  const user = { id: LOCAL_USER, name: 'Local user', role: 'admin' } as const
  const local: Identity = { user, cloud, cloudDecides: false, tenancy: null, signIn: null }
  return withoutSignIns(cloud, (request) => {
    const hop = forwardingHeaders.find((name) => request.headers[name] !== undefined)
    // Everybody who reaches the proxy would be the local user.
    return hop
      ? needed(`A proxy sent ${hop}, but BMS_CONSOLE_TRUSTED_PROXIES does not say that there is one.`)
      : local
  })
}

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-user', 'x-real-ip'] as const

/** Mode `service` behind a proxy that knows who asks. */
export function proxiedSignIn(
  { cloud }: ServiceOptions,
  {
    proxy,
    roles,
    trustedProxies,
  }: Pick<ServiceSettings, 'roles' | 'trustedProxies'> & { proxy: NonNullable<ServiceSettings['proxy']> },
): SignInMode {
  const isProxy = addressMatcher(trustedProxies)
  return withoutSignIns(cloud, (request) => {
    // `request.ip` would be an address that a proxy names. The socket's own is the proxy's.
    const peer = request.socket.remoteAddress
    if (!isProxy(peer))
      return needed(`The address ${peer ?? '(none)'} is not one of BMS_CONSOLE_TRUSTED_PROXIES.`)
    const name = userName(request, proxy.userHeader)
    if (name === null)
      return needed(`The proxy did not send one user name in BMS_CONSOLE_USER_HEADER (${proxy.userHeader}).`)
    const groups = proxy.groupsHeader === null ? [] : groupNames(request, proxy.groupsHeader)
    const role = roleOf(groups, roles, mapsNothing(roles) ? 'operator' : null)
    if (role === null)
      return { cause: 'no-role', detail: `None of the groups of ${name} is in BMS_CONSOLE_*_GROUPS.` }
    return {
      user: { id: `proxy:${name}`, name: visibleName(name), role },
      cloud,
      cloudDecides: false,
      tenancy: null,
      signIn: null,
    }
  })
}

function withoutSignIns(
  cloud: SharedCloud,
  identify: (request: FastifyRequest) => Identity | Failure,
): SignInMode {
  return {
    identify,
    state(request) {
      const identified = identify(request)
      if ('cause' in identified) return { state: 'signed-out', offer: { mode: 'service' }, why: identified }
      const { name, role } = identified.user
      return { state: 'signed-in', user: { name, role }, maySignOut: false, projects: null }
    },
    async signOut() {
      return { user: null, answer: { continueAt: null } }
    },
    onEnded() {},
    close: () => cloud.close(),
  }
}

const needed = (detail: string): Failure => ({ cause: 'sign-in-needed', detail })

/**
 * The text of a header that came exactly once. A proxy that adds its header instead of replacing it lets the client
 * name itself: Node would join the two, so they are counted as they came.
 */
function onlyHeader(request: FastifyRequest, name: string): string | null {
  const { rawHeaders } = request.raw
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  )
  return values.length === 1 ? utf8(values[0] ?? '') : null
}

/** Node reads headers as Latin-1; proxies write names in UTF-8. */
function utf8(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

function userName(request: FastifyRequest, header: string): string | null {
  const name = onlyHeader(request, header)?.trim() ?? ''
  return name.length >= 1 && name.length <= 256 && !/\p{Cc}/u.test(name) ? name : null
}

function groupNames(request: FastifyRequest, header: string): string[] {
  const names = onlyHeader(request, header)?.split(',') ?? []
  return names.map((name) => name.trim()).filter(Boolean)
}
