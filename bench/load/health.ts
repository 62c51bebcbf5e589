import * as z from 'zod/mini'
import { start } from '../relay-lines.ts'
import { HealthState, heard, tell } from './messages.ts'

/**
 * Asks for health again and again, in a process of its own.
 * @returns what ends it, and tells the longest wait, ms
 */
export async function watchHealth(origin: string): Promise<() => Promise<HealthState>> {
  const asker = start('./load/asker.ts', { LOAD_ORIGIN: origin }, [])
  await heard(asker, z.literal('ready'))
  return async () => {
    const seen = await tell(asker, {}, HealthState)
    asker.disconnect()
    return seen
  }
}
