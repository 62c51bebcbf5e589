import type { WayFault } from '../../shared/cause.ts'
import type { RelayOnly } from '../../shared/transport.ts'

/** What is set */
interface TransportSettings {
  transport: 'auto' | 'direct' | 'relay'
  /** Settings whose promises only the relay keeps */
  relayNeeds: readonly string[]
}

/** Whether browsers may be given links. If not, no page may connect to a gateway. */
export const givesLinks = ({ transport, relayNeeds }: TransportSettings) =>
  transport === 'direct' || (transport === 'auto' && relayNeeds.length === 0)

/** What speaks for the relay before it is known whether the gateway can be reached from here */
export interface ChoiceFacts {
  /** Settings whose promises only the relay keeps */
  needs: readonly string[]
  /** The asker may type. A link would let them. */
  mayWrite: boolean
  /** A session has the line: it is joined, whoever asks. */
  onRelay: boolean
  /** What the page said of itself */
  relayOnly: RelayOnly | null
}

/**
 * Why a console was given as it was. The relay's reasons, in their order: `needed` by a setting, `read-only`, `shared`
 * with who is on the line, `direct-failed` or `relayed` by the page's word, `no-browser` could open the link, `reached`
 * from here, or `refused` in a way that is the operator's to mend. A link has one: `unreached`.
 */
export type WhyTransport =
  | 'needed'
  | 'read-only'
  | 'shared'
  | RelayOnly['type']
  | 'no-browser'
  | 'reached'
  | 'refused'
  | 'unreached'

/** @returns null: how it is reached decides. Then the cloud is asked for the link first. */
export function relayAtOnce({ needs, mayWrite, onRelay, relayOnly }: ChoiceFacts): WhyTransport | null {
  if (needs.length > 0) return 'needed'
  if (!mayWrite) return 'read-only'
  if (onRelay) return 'shared'
  return relayOnly?.type ?? null
}

/** Says that there is no way to the gateway from here. From a browser, in another network, there may be one. */
const noWay: ReadonlySet<WayFault> = new Set<WayFault>([
  'refused',
  'no-route',
  'timeout',
  'name-unknown',
  // The proxy found no way. That it refuses, or is not there, is the operator's to mend.
  'proxy-failed',
])

/** @param fault why the gateway was not reached; undefined: it was; null: nobody knows why not */
export function byReach(fault: WayFault | null | undefined): WhyTransport {
  if (fault === undefined) return 'reached'
  return fault !== null && noWay.has(fault) ? 'unreached' : 'refused'
}
