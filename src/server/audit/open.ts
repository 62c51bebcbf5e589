import type { FastifyBaseLogger } from 'fastify'
import type { AuditLog } from './audit.ts'
import { MemoryLog } from './memory-log.ts'
import type { AuditSettings } from './settings.ts'

interface AuditOptions {
  log: FastifyBaseLogger
  now: () => number
}

/** @throws ConfigError when the file cannot be used */
export async function openAudit(settings: AuditSettings, { now }: AuditOptions): Promise<AuditLog> {
  switch (settings.to) {
    case 'off':
      return nothing
    case 'stdout':
    case 'file':
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
