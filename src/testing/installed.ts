import { execFileSync } from 'node:child_process'

/**
 * Whether the machine has a command. A test that needs it is skipped where it has not, but not where all must run.
 * @throws Error where `LAB_REQUIRED` is set and the command is missing
 */
export function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env.LAB_REQUIRED) throw new Error(`${command} is not installed`)
    return false
  }
}
