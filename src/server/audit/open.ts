import type { FastifyBaseLogger } from 'fastify'
import { systemClock } from '../recordings/recording.ts'
import type { AuditLog } from './audit.ts'
import { FileLog } from './file-log.ts'
import { MemoryLog } from './memory-log.ts'
import type { AuditSettings } from './settings.ts'

interface AuditOptions {
  log: FastifyBaseLogger
  now: () => number
}

/** @throws ConfigError when the file cannot be used */
export async function openAudit(settings: AuditSettings, { log, now }: AuditOptions): Promise<AuditLog> {
  switch (settings.to) {
    case 'off':
      return nothing
    case 'file':
      return FileLog.open({ ...settings, log, now, after: systemClock.after })
    case 'stdout':
      return new MemoryLog({ now, write: (line) => void process.stdout.write(line) })
  }
}

const nothing: AuditLog = {
  kept: null,
  unwritten: 0,
  record() {},
  async *search() {},
  async close() {},
}
