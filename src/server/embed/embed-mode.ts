import type { FastifyRequest } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import { BEARER_SUBPROTOCOL } from '../../shared/relay-protocol.ts'
import type { Identity } from '../sign-in/identity.ts'
import type { SignInMode } from '../sign-in/mode.ts'
import type { Grants } from './grants.ts'

/** How an embedded page shows who it is. `several`: nobody knows which one counts, so none does. */
export type Bearer = { bearer: 'none' | 'several' } | { bearer: 'one'; value: string }

/** The bearer of a request: in `Authorization`, or among a WebSocket's subprotocols. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): Bearer {
  // Any text after the scheme is an attempt, and must not count as none.
  const authorization = /^bearer\b\s*(.*)$/i.exec(headers.authorization ?? '')
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? []
  const [value, second] = [
    ...(authorization ? [authorization[1] ?? ''] : []),
    ...offered
      .filter((name) => name.startsWith(BEARER_SUBPROTOCOL))
      .map((name) => name.slice(BEARER_SUBPROTOCOL.length)),
  ]
  if (value === undefined) return { bearer: 'none' }
  return second === undefined ? { bearer: 'one', value } : { bearer: 'several' }
}

/**
 * The configured way to sign in, and beside it the pages that a portal embeds. A request with a bearer belongs to its
 * grant or to nobody. A cookie or a proxy's header beside the bearer is ignored.
 */
export function withEmbedding(mode: SignInMode, grants: Grants): SignInMode {
  /** null: no bearer */
  const identify = async (request: FastifyRequest): Promise<Identity | Failure | null> => {
    const shown = bearerOf(request)
    switch (shown.bearer) {
      case 'none':
        return null
      case 'several':
        return { cause: 'sign-in-needed', detail: 'The request carries more than one bearer.' }
      case 'one':
        return (
          (await grants.identify(shown.value)) ?? {
            cause: 'sign-in-needed',
            detail: 'The bearer has expired or was not issued here.',
          }
        )
    }
  }
  return {
    identify: async (request, reply) => (await identify(request)) ?? mode.identify(request, reply),
    async state(request, reply) {
      const identified = await identify(request)
      if (!identified) return mode.state(request, reply)
      if ('cause' in identified) return { state: 'signed-out', offer: { mode: 'service' }, why: identified }
      const { name, role } = identified.user
      return { state: 'signed-in', user: { name, role }, maySignOut: false, projects: null }
    },
    async signOut(request, reply, everywhere) {
      const shown = bearerOf(request)
      if (shown.bearer === 'none') return mode.signOut(request, reply, everywhere)
      // Only this grant ends, whatever was asked for: the portal lets people in, and has them leave.
      const user = shown.bearer === 'one' ? await grants.end(shown.value) : null
      return { user, answer: { continueAt: null } }
    },
    onEnded(listener) {
      mode.onEnded(listener)
      grants.onEnded(listener)
    },
    async close() {
      await grants.close()
      await mode.close()
    },
  }
}
