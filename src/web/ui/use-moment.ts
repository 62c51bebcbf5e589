import { useNow } from 'use-intl'
import { type Moment, momentBy } from '../../shared/clock.ts'

/** What time it is, twice a second. */
export function useMoment(): Moment {
  useNow({ updateInterval: 500 })
  return momentBy()
}
