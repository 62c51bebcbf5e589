import { useNow } from 'use-intl'
import { type Moment, momentBy } from '../../shared/clock.ts'

/**
 * What time it is, twice a second while what is shown changes with it. An open console draws nothing otherwise.
 * @param ticks whether more changes come by time alone
 */
export function useMoment(ticks: (now: Moment) => boolean): Moment {
  const now = momentBy()
  useNow(ticks(now) ? { updateInterval: 500 } : {})
  return now
}
