import pLimit from 'p-limit'
import type { Cloud } from './cloud.ts'

/**
 * Power actions, and looks at their jobs, that are under way in one scope at a time. A cloud counts what one account asks
 * for: whoever reboots a hundred servers at once must not use up what consoles and lists need.
 */
export const POWER_AT_ONCE = 4

/** The same cloud, which is asked for few power actions at a time. The others wait in the order in which they came. */
export function boundedPower(cloud: Cloud): Cloud {
  const limit = pLimit(POWER_AT_ONCE)
  return {
    ...cloud,
    power: (id, action) => limit(() => cloud.power(id, action)),
    powerJob: (id, job) => limit(() => cloud.powerJob(id, job)),
  }
}
