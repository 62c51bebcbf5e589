import { z } from 'zod'
import { ConfigError, optional, required, text, variables, whole } from '../environment.ts'

/** Where the audit log goes. */
export type AuditSettings =
  | { to: 'off' }
  | { to: 'stdout' }
  | {
      to: 'file'
      path: string
      /** The size at which the file is rotated */
      maxBytes: number
      /** How many rotated files are kept */
      files: number
    }

const MIB = 1024 * 1024

export const auditVariables = variables({
  BMS_CONSOLE_AUDIT: { schema: z.enum(['stdout', 'file', 'off']), says: '"stdout", "file" or "off"' },
  BMS_CONSOLE_AUDIT_FILE: {
    schema: text,
    says: 'a file in a folder that exists, e.g. /var/log/bms-console/audit.log',
  },
  BMS_CONSOLE_AUDIT_MAX_MIB: { schema: whole(1, 100_000), says: 'a whole number of MiB from 1 to 100000' },
  BMS_CONSOLE_AUDIT_FILES: { schema: whole(1, 100), says: 'a whole number from 1 to 100' },
})

export function auditSettings(env: NodeJS.ProcessEnv): AuditSettings {
  const to = optional(env, auditVariables.BMS_CONSOLE_AUDIT) ?? 'stdout'
  if (to !== 'file') {
    if (env.BMS_CONSOLE_AUDIT_FILE) {
      throw new ConfigError(
        'BMS_CONSOLE_AUDIT_FILE is set, but BMS_CONSOLE_AUDIT is not file: set both or neither',
      )
    }
    return { to }
  }
  return {
    to,
    path: required(env, auditVariables.BMS_CONSOLE_AUDIT_FILE, 'BMS_CONSOLE_AUDIT=file'),
    maxBytes: (optional(env, auditVariables.BMS_CONSOLE_AUDIT_MAX_MIB) ?? 100) * MIB,
    files: optional(env, auditVariables.BMS_CONSOLE_AUDIT_FILES) ?? 10,
  }
}
