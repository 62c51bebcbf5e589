import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import { maskedStore } from './masks/masked-store.ts'
import type { Masks } from './masks/masks.ts'
import { Loki } from './shipping/loki.ts'
import type { ShipSettings } from './shipping/settings.ts'
import { shippedStore } from './shipping/shipped-store.ts'
import { Shipper } from './shipping/shipper.ts'
import { Stdout } from './shipping/stdout.ts'
import { keepingNothing } from './store/nothing.ts'
import type { LineStore } from './store/store.ts'

interface OutletOptions {
  /** null: nothing is masked. */
  masks: Masks | null
  ship: ShipSettings | null
  /** Ships */
  fetch: typeof fetch
  log: FastifyBaseLogger
  /** All that it measures are durations. */
  clock: Clock
}

/**
 * What lines say goes through the masks, and then to the store and to where it is shipped.
 * @param store null: nothing is kept on this server
 * @returns null if it goes nowhere
 */
export function withOutlets(
  store: LineStore | null,
  { masks, ship, fetch, log, clock }: OutletOptions,
): LineStore | null {
  if (!store && !ship) return null
  const kept = store ?? keepingNothing
  const shipped = ship
    ? shippedStore(kept, new Shipper({ destination: destinationOf(ship, clock, fetch), log, clock }))
    : kept
  return masks ? maskedStore(shipped, masks, clock) : shipped
}

function destinationOf(ship: ShipSettings, clock: Clock, over: typeof fetch) {
  switch (ship.to) {
    case 'stdout':
      return new Stdout(clock)
    case 'loki':
      return new Loki(ship, clock, over)
  }
}
