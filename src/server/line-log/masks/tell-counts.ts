import type { FastifyBaseLogger } from 'fastify'
import { type Clock, every } from '../../../shared/clock.ts'
import type { Masks } from './masks.ts'

const TELL_MS = 3_600_000

/**
 * Now and then the log says how often each mask found something: one that never does may be wrong.
 * @returns says it for the last time
 */
export function tellCounts(
  masks: Masks,
  { log, clock }: { log: FastifyBaseLogger; clock: Clock },
): () => void {
  const tell = () => log.info({ masks: masks.counts }, 'masked in what lines said')
  const cancel = every(clock, TELL_MS, tell)
  return () => {
    cancel()
    tell()
  }
}
