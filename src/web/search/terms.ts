import { systemClock } from '../../shared/clock.ts'
import type { LogQuery, LogSearch } from '../../shared/log-search.ts'

const HOUR_MS = 60 * 60_000
/** How far back a search looks, in ms; null: all there is, or from one moment to another */
const lengths = {
  all: null,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  range: null,
} as const
type Span = keyof typeof lengths

export const isSpan = (value: string): value is Span => Object.hasOwn(lengths, value)
export const spans = Object.keys(lengths).filter(isSpan)

/** What a person looks for, as it was chosen. */
export interface SearchTerms extends LogQuery {
  span: Span
  /** The range's begin and end (ISO 8601); undefined: it has none. */
  since: string | undefined
  until: string | undefined
}

export const noTerms: SearchTerms = {
  text: '',
  regex: false,
  matchCase: false,
  span: 'all',
  since: undefined,
  until: undefined,
}

const names = Object.keys(noTerms) as (keyof SearchTerms)[]
export const sameTerms = (one: SearchTerms, other: SearchTerms): boolean =>
  names.every((name) => one[name] === other[name])

/** The search that begins now: an hour or a day ends now. */
export function searchOf({ text, regex, matchCase, span, since, until }: SearchTerms): LogSearch {
  const query = { text, regex, matchCase }
  if (span === 'range') return { ...query, from: since, to: until }
  const from = beginOf(span)
  return from === undefined ? query : { ...query, from }
}

/** When a span begins that ends now */
function beginOf(span: Span): string | undefined {
  const ms = lengths[span]
  return ms === null ? undefined : new Date(systemClock.now() - ms).toISOString()
}

/** Terms with another span. A range begins where the span before it did, to the minute. */
export function withSpan(terms: SearchTerms, span: Span): SearchTerms {
  if (span !== 'range' || terms.span === 'range') return { ...terms, span }
  const begin = beginOf(terms.span)
  return { ...terms, span, since: terms.since ?? begin?.replace(/:\d\d\.\d+Z$/, ':00.000Z') }
}
