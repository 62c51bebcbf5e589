import type { Identity } from '../sign-in/identity.ts'
import type { Holder } from './holder.ts'

interface Asking {
  /** The clients that are attached, the writer first */
  session: { readonly clients: readonly string[] }
  opener: Identity
  openerLeft: boolean
  holder: Pick<Holder, 'identity'> | null
  /** By client */
  viewers: Pick<ReadonlyMap<string, Identity>, 'get'>
}

/** In whose name a line's next link is asked for: of its holder, the writer, another viewer, or the opener, in this order. */
export function askersOf({ session, opener, openerLeft, holder, viewers }: Asking): Identity[] {
  const present = session.clients.flatMap((client) => viewers.get(client) ?? [])
  return [...(holder ? [holder.identity] : []), ...present, ...(openerLeft ? [] : [opener])]
}
