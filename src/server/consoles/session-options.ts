import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import type { LineLog } from '../line-log/line-log.ts'
import type { LineHealth } from '../metrics/line-health.ts'
import type { Places } from './admission.ts'
import type { LineHandlers, LinePort } from './line.ts'
import type { SessionRecordingOptions } from './session-recording.ts'

export interface SessionOptions extends Places {
  id: string
  serverId: string
  log: FastifyBaseLogger
  /** Keeps what the line says. The session closes it. */
  lineLog: LineLog
  /** How long the line is kept after the last viewer left, ms. */
  graceMs: number
  idleMs: number | null
  totalMs: number | null
  /** Is told how the line is, for the metrics. */
  health: LineHealth
  openLine: (handlers: LineHandlers) => LinePort
  /** null: sessions are not recorded. */
  recording: Omit<SessionRecordingOptions, 'onChanged'> | null
  /**
   * The session has ended.
   * @param done resolves once nothing of it reaches the gateway any more, and its log is where others read it
   */
  onReleased: (done: Promise<unknown>) => void
  clock: Clock
}
