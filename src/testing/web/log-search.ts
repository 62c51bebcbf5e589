import type { LogSearchEvent } from '../../shared/log-search.ts'

/** What a search in logs answers. */
export const hit = (
  server: { id: string; name: string },
  offset: number,
  boot: { offset: number; time: string } | null = null,
): LogSearchEvent => ({
  type: 'hit',
  server,
  offset,
  time: '2026-03-01T02:13:05.000Z',
  boot,
  before: 'Kernel ',
  match: 'PANIC',
  after: ` at ${offset}`,
})

/** @param cursor null: all was searched */
export const end = (cursor: string | null): LogSearchEvent => ({
  type: 'end',
  reason: cursor === null ? 'all' : 'page',
  cursor,
})
