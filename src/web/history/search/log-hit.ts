import type { LogSearchEvent } from '../../../shared/log-search.ts'

export type LogHit = Extract<LogSearchEvent, { type: 'hit' }>

/** A line is found once. */
export const keyOf = ({ server, offset }: LogHit): string => `${server.id} ${offset}`
