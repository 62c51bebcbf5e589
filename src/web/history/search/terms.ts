import { systemClock } from '../../../shared/clock.ts'
import type { LogQuery, LogSearch } from '../../../shared/log-search.ts'

const HOUR_MS = 60 * 60_000
/** How far back a search looks, in ms; null: all of the log */
const lengths = { all: null, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
type Span = keyof typeof lengths

export const isSpan = (value: string): value is Span => Object.hasOwn(lengths, value)
export const spans = Object.keys(lengths).filter(isSpan)

/** What a person looks for, as it was chosen: a span goes on to end now. */
export interface SearchTerms extends LogQuery {
  span: Span
}

export const noTerms: SearchTerms = { text: '', regex: false, matchCase: false, span: 'all' }

export const sameTerms = (a: SearchTerms, b: SearchTerms) =>
  a.text === b.text && a.regex === b.regex && a.matchCase === b.matchCase && a.span === b.span

/** The search that begins now. */
export function searchOf({ span, ...query }: SearchTerms): LogSearch {
  const ms = lengths[span]
  return ms === null ? query : { ...query, from: new Date(systemClock.now() - ms).toISOString() }
}
