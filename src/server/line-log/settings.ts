import { ConfigError, list, optional, text, variables, whole } from '../environment.ts'
import { type TagRule, tagRules } from './tags/rules.ts'

/** Where what lines say is kept, and how much of it. */
export interface LineLogSettings {
  dir: string
  days: number
  /** The limit of the whole folder */
  totalMib: number
  /** The limit of one line */
  lineMib: number
  /** Other limits of lines whose servers have a tag */
  tags: readonly TagRule[]
}

export const lineLogVariables = variables({
  BMS_CONSOLE_LINE_LOG_DIR: { schema: text, says: 'a folder that only this server may read' },
  BMS_CONSOLE_LINE_LOG_DAYS: { schema: whole(1, 36_500), says: 'whole days from 1 to 36500' },
  BMS_CONSOLE_LINE_LOG_TOTAL_MIB: {
    schema: whole(16, 100_000_000),
    says: 'a whole number of MiB, 16 or more',
  },
  BMS_CONSOLE_LINE_LOG_LINE_MIB: { schema: whole(1, 1_000_000), says: 'a whole number of MiB, 1 or more' },
  BMS_CONSOLE_LINE_LOG_TAGS: {
    schema: list,
    says: 'a comma-separated list of tags with days or a size, e.g. env=prod: 90d 1GiB, lab: 3d',
  },
})

/** @returns null: nothing is kept beyond a session */
export function lineLogSettings(env: NodeJS.ProcessEnv, transport: string): LineLogSettings | null {
  const dir = optional(env, lineLogVariables.BMS_CONSOLE_LINE_LOG_DIR)
  const days = optional(env, lineLogVariables.BMS_CONSOLE_LINE_LOG_DAYS) ?? 30
  const totalMib = optional(env, lineLogVariables.BMS_CONSOLE_LINE_LOG_TOTAL_MIB) ?? 10_240
  const lineMib = optional(env, lineLogVariables.BMS_CONSOLE_LINE_LOG_LINE_MIB) ?? 256
  const tags = tagRules(optional(env, lineLogVariables.BMS_CONSOLE_LINE_LOG_TAGS) ?? [])
  if (dir === undefined) return null
  if (transport === 'direct') {
    throw new ConfigError(
      'BMS_CONSOLE_LINE_LOG_DIR needs BMS_CONSOLE_TRANSPORT=auto or relay: with direct, the serial bytes do not pass through this server',
    )
  }
  return { dir, days, totalMib, lineMib, tags }
}
