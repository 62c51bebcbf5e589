import { readFileSync } from 'node:fs'
import { ConfigError, optional, text, variables } from '../../environment.ts'
import { MAX_PATTERNS, type MaskSource, Pattern, PatternError } from './pattern.ts'

export const maskVariables = variables({
  BMS_CONSOLE_LINE_LOG_MASKS_FILE: {
    schema: text,
    says: 'a file with one regular expression a line',
  },
})

const { BMS_CONSOLE_LINE_LOG_MASKS_FILE: variable } = maskVariables

/**
 * @param used whether anything that lines say is kept or leaves this server
 * @throws ConfigError that names the line of the file which is wrong; never what it says, since that may be a secret
 */
export function maskSettings(env: NodeJS.ProcessEnv, { used }: { used: boolean }): MaskSource[] {
  const path = optional(env, variable)
  if (path === undefined) return []
  if (!used)
    throw new ConfigError(
      `${variable.name} is set, but nothing is masked: set BMS_CONSOLE_LINE_LOG_DIR, BMS_CONSOLE_RECORDINGS or BMS_CONSOLE_SHIP, too`,
    )
  const sources = readFile(path)
    .split(/\r?\n/)
    .map((pattern, index) => ({ line: index + 1, pattern }))
    .filter(({ pattern }) => pattern.trim() !== '' && !pattern.startsWith('#'))
  if (sources.length > MAX_PATTERNS)
    throw new ConfigError(`${variable.name} has more than ${MAX_PATTERNS} expressions`)
  for (const source of sources) check(source)
  return sources
}

function check(source: MaskSource): void {
  try {
    new Pattern(source)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new ConfigError(`${variable.name}, line ${source.line}, cannot be used: ${error.message}`)
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`${variable.name} names a file that cannot be read (${code})`)
  }
}
