import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import { maskedStore } from './masks/masked-store.ts'
import { Masks } from './masks/masks.ts'
import type { MaskSource } from './masks/pattern.ts'
import { Loki } from './shipping/loki.ts'
import type { ShipSettings } from './shipping/settings.ts'
import { shippedStore } from './shipping/shipped-store.ts'
import { Shipper } from './shipping/shipper.ts'
import { Stdout } from './shipping/stdout.ts'
import { keepingNothing } from './store/nothing.ts'
import type { LineStore } from './store/store.ts'

interface OutletOptions {
  masks: readonly MaskSource[]
  ship: ShipSettings | null
  log: FastifyBaseLogger
  /** All that it measures are durations. */
  clock: Clock
}

/** How often the log says what was masked, ms */
const COUNTS_MS = 3_600_000

/**
 * What lines say goes through the masks, and then to the store and to where it is shipped.
 * @param store null: nothing is kept on this server
 * @returns null if it goes nowhere
 */
export function withOutlets(store: LineStore | null, options: OutletOptions): LineStore | null {
  const { masks, ship, log, clock } = options
  if (!store && !ship) return null
  const kept = store ?? keepingNothing
  const shipped = ship
    ? shippedStore(kept, new Shipper({ destination: destinationOf(ship, clock), log, clock }))
    : kept
  return masks.length > 0 ? counted(shipped, new Masks(masks), options) : shipped
}

function destinationOf(ship: ShipSettings, clock: Clock) {
  switch (ship.to) {
    case 'stdout':
      return new Stdout(clock)
    case 'loki':
      return new Loki(ship, clock)
  }
}

/** Now and then the log says how often each mask found something: one that never does may be wrong. */
function counted(store: LineStore, masks: Masks, { log, clock }: OutletOptions): LineStore {
  const masked = maskedStore(store, masks, clock)
  const tell = () => log.info({ masks: masks.counts }, 'masked in what lines said')
  let cancel = () => {}
  const later = () => {
    cancel = clock.after(COUNTS_MS, () => {
      tell()
      later()
    })
  }
  later()
  return {
    ...masked,
    async close() {
      cancel()
      tell()
      await masked.close()
    },
  }
}
