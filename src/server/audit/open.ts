import type { FastifyBaseLogger } from 'fastify'
import pino from 'pino'
import type { Clock } from '../../shared/clock.ts'
import type { AuditLog } from './audit.ts'
import { CountedLog } from './counted-log.ts'
import { FileLog } from './file-log.ts'
import { MemoryLog } from './memory-log.ts'
import type { AuditSettings } from './settings.ts'

const MAX_WAITING_BYTES = 8 * 1024 * 1024
const TROUBLE_EVERY_MS = 60_000

interface AuditOptions {
  log: FastifyBaseLogger
  clock: Clock
}

/** @throws ConfigError when the file cannot be used */
export async function openAudit(settings: AuditSettings, { log, clock }: AuditOptions): Promise<AuditLog> {
  switch (settings.to) {
    case 'off':
      return nothing
    case 'file':
      return new CountedLog(await FileLog.open({ ...settings, log, clock }), clock)
    case 'stdout':
      return new CountedLog(new MemoryLog({ clock, write: lineWriter(log, clock) }), clock)
  }
}

/**
 * Writes each line at once and whole, as the program's own log does, so that neither tears the other's lines. Lines that
 * cannot be written wait, within bounds.
 */
function lineWriter(log: AuditOptions['log'], clock: Clock): (line: string) => boolean {
  const stdout = pino.destination({ fd: process.stdout.fd, sync: true, maxLength: MAX_WAITING_BYTES })
  let lastTrouble = Number.NEGATIVE_INFINITY
  stdout.on('error', (error: unknown) => {
    if (clock.now() - lastTrouble < TROUBLE_EVERY_MS) return
    lastTrouble = clock.now()
    log.error({ err: error }, 'the audit log cannot be written to stdout')
  })
  let taken = true
  stdout.on('drop', () => {
    taken = false
  })
  return (line) => {
    taken = true
    stdout.write(line)
    return taken
  }
}

const nothing: AuditLog = {
  kept: null,
  unwritten: 0,
  record() {},
  async *search() {},
  async close() {},
}
