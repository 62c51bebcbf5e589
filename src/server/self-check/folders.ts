import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../config.ts'
import { ConfigError } from '../environment.ts'
import { errorCode } from '../error-code.ts'
import { openPrivateFolder } from '../private-folder.ts'
import type { Finding } from './finding.ts'

/** Whether what is to be kept can be written. */
export async function* checkFolders({
  lineLog,
  recordings,
  audit,
}: Pick<Config, 'lineLog' | 'recordings' | 'audit'>): AsyncGenerator<Finding> {
  if (lineLog) yield await folder('line log', lineLog.dir, 'BMS_CONSOLE_LINE_LOG_DIR')
  if (recordings) yield await folder('recordings', recordings.dir, 'BMS_CONSOLE_RECORDINGS_DIR')
  if (audit.to === 'file') yield await auditFile(audit.path)
  if (audit.to === 'off')
    yield {
      state: 'warning',
      about: 'audit log',
      says: 'BMS_CONSOLE_AUDIT is off: nobody can say who did what.',
    }
}

async function folder(about: string, dir: string, variable: string): Promise<Finding> {
  try {
    await openPrivateFolder(dir, variable)
    return { state: 'ok', about, says: `${dir} can be written, and is closed to others.` }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { state: 'wrong', about, says: `${error.message}.` }
  }
}

async function auditFile(path: string): Promise<Finding> {
  const about = 'audit log'
  try {
    await access(dirname(path), constants.W_OK)
    return { state: 'ok', about, says: `${path} can be written.` }
  } catch (error) {
    const says = `The folder of BMS_CONSOLE_AUDIT_FILE cannot be written (${errorCode(error)}).`
    return { state: 'wrong', about, says }
  }
}
