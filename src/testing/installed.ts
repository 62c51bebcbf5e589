import { hasCommand } from '../sandbox/machines/tied-process.ts'

/**
 * Whether the machine has a command. A test that needs it is skipped where it has not, but not where all must run.
 * @throws Error where `LAB_REQUIRED` is set and the command is missing
 */
export function isInstalled(command: string): boolean {
  const has = hasCommand(command)
  if (!has && process.env.LAB_REQUIRED) throw new Error(`${command} is not installed`)
  return has
}
