import { RecordingMode } from '../../shared/recording.ts'
import { ConfigError, flag, optional, required, text, variables, whole } from '../environment.ts'

/** Which consoles are recorded, where to, and how much is kept. */
export interface RecordingSettings {
  mode: Exclude<RecordingMode, 'off'>
  dir: string
  /** The limit of one recording */
  maxMib: number
  /** The limit of the whole folder */
  totalMib: number
  days: number
  /** Also keeps what is typed, which may hold passwords that are never printed. */
  input: boolean
  mayDelete: boolean
}

export const recordingVariables = variables({
  BMS_CONSOLE_RECORDINGS: { schema: RecordingMode, says: '"off", "on-demand" or "always"' },
  BMS_CONSOLE_RECORDINGS_DIR: { schema: text, says: 'a folder that only this server may read' },
  BMS_CONSOLE_RECORDINGS_TOTAL_MIB: {
    schema: whole(1, 100_000_000),
    says: 'a whole number of MiB, 1 or more',
  },
  BMS_CONSOLE_RECORDING_MAX_MIB: { schema: whole(1, 4096), says: 'a whole number of MiB from 1 to 4096' },
  BMS_CONSOLE_RECORDING_DAYS: { schema: whole(1, 36_500), says: 'whole days from 1 to 36500' },
  BMS_CONSOLE_RECORDING_INPUT: { schema: flag, says: '"true" or "false"' },
  BMS_CONSOLE_RECORDING_DELETE: { schema: flag, says: '"true" or "false"' },
})

export function recordingSettings(env: NodeJS.ProcessEnv, transport: string): RecordingSettings | null {
  const mode = optional(env, recordingVariables.BMS_CONSOLE_RECORDINGS) ?? 'off'
  if (mode === 'off') return null
  if (transport === 'direct') {
    throw new ConfigError(
      `BMS_CONSOLE_RECORDINGS=${mode} needs BMS_CONSOLE_TRANSPORT=auto or relay: with direct, the serial bytes do not pass through this server`,
    )
  }
  return {
    mode,
    dir: required(env, recordingVariables.BMS_CONSOLE_RECORDINGS_DIR, `BMS_CONSOLE_RECORDINGS=${mode}`),
    maxMib: optional(env, recordingVariables.BMS_CONSOLE_RECORDING_MAX_MIB) ?? 100,
    totalMib: optional(env, recordingVariables.BMS_CONSOLE_RECORDINGS_TOTAL_MIB) ?? 10_240,
    days: optional(env, recordingVariables.BMS_CONSOLE_RECORDING_DAYS) ?? 30,
    input: optional(env, recordingVariables.BMS_CONSOLE_RECORDING_INPUT) ?? false,
    mayDelete: optional(env, recordingVariables.BMS_CONSOLE_RECORDING_DELETE) ?? false,
  }
}
