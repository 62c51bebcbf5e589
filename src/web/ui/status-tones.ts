import type { Server } from '../../shared/server.ts'

/** How good a status is. */
export const statusTones: Record<Server['status'], 'ok' | 'warn' | 'bad' | 'plain'> = {
  active: 'ok',
  stopped: 'plain',
  building: 'warn',
  rebooting: 'warn',
  error: 'bad',
  deleted: 'plain',
  unknown: 'plain',
}
