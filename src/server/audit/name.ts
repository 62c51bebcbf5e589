import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { AuditSettings } from './settings.ts'

/**
 * Names an audit log for good, by a small file beside its own.
 * @returns null: it does not outlive this process, or the disk does not take the name.
 */
export async function nameOfAudit(settings: AuditSettings): Promise<string | null> {
  if (settings.to !== 'file') return null
  // Hidden: those who read `audit.log.*` want events.
  const path = join(dirname(settings.path), `.${basename(settings.path)}.name`)
  const name = z.uuid().safeParse((await readFile(path, 'utf8').catch(() => '')).trim()).data
  if (name) return name
  const made = randomUUID()
  return writeFile(path, `${made}\n`, { mode: 0o600 }).then(
    () => made,
    () => null,
  )
}
