import * as z from 'zod/mini'

/** With these, a direct line that never worked is given up. They tell of the way, and not of the machine. */
export const directFaults = [
  'gateway-unreachable',
  'gateway-not-encrypted',
  'gateway-forbidden',
  'origin-refused',
] as const
const DirectFault = z.enum(directFaults)
export type DirectFault = z.infer<typeof DirectFault>

/** Why a page takes the relay and no link: it is never moved the other way. */
export const RelayOnly = z.discriminatedUnion('type', [
  /** It was given a link, and the gateway did not let it in. */
  z.object({ type: z.literal('direct-failed'), why: DirectFault }),
  /** It has been on the relay. */
  z.object({ type: z.literal('relayed') }),
])
export type RelayOnly = z.infer<typeof RelayOnly>
