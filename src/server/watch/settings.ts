import { ConfigError, list, optional, variables, whole } from '../environment.ts'
import { parseSelection, type Selection } from './selection.ts'

/** Which lines are held open with nobody there, and what that may cost. */
export interface WatchSettings {
  selection: Selection
  linksPerHour: number
}

export const watchVariables = variables({
  BMS_CONSOLE_WATCH: {
    schema: list.refine((items) => parseSelection(items) !== null),
    says: '"all", "chosen", or a comma-separated list of tag:<tag>, name:<name> and names, e.g. tag:prod,name:db-*',
  },
  BMS_CONSOLE_WATCH_LINKS_PER_HOUR: {
    schema: whole(1, 1_000_000),
    says: 'a whole number from 1 to 1000000',
  },
})

/** @returns null: no line is watched. @throws ConfigError */
export function watchSettings(env: NodeJS.ProcessEnv, transport: string): WatchSettings | null {
  const items = optional(env, watchVariables.BMS_CONSOLE_WATCH)
  const linksPerHour = optional(env, watchVariables.BMS_CONSOLE_WATCH_LINKS_PER_HOUR) ?? 4_000
  const selection = items ? parseSelection(items) : null
  if (!selection) return null
  if (transport === 'direct') {
    throw new ConfigError(
      'BMS_CONSOLE_WATCH needs BMS_CONSOLE_TRANSPORT=auto or relay: with direct, the serial bytes do not pass through this server',
    )
  }
  return { selection, linksPerHour }
}
