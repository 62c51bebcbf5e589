import pLimit from 'p-limit'
import type { Cloud } from './cloud.ts'

/**
 * Power actions, and looks at their jobs, that are under way in one scope at a time. A cloud counts what one account asks
 * for: whoever reboots a hundred servers at once must not use up what consoles and lists need.
 */
export const POWER_AT_ONCE = 4
/** Servers whose cards and volumes are asked for at a time. Each costs two calls, and one for each volume. */
export const ATTACHMENTS_AT_ONCE = 2

/**
 * The same cloud, which is asked for few power actions, and for the attachments of few servers, at a time. The others
 * wait in the order in which they came.
 */
export function boundedCalls(cloud: Cloud): Cloud {
  const power = pLimit(POWER_AT_ONCE)
  const attachments = pLimit(ATTACHMENTS_AT_ONCE)
  return {
    ...cloud,
    attachments: (id) => attachments(() => cloud.attachments(id)),
    power: (id, action) => power(() => cloud.power(id, action)),
    powerJob: (id, job) => power(() => cloud.powerJob(id, job)),
  }
}
