import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type * as z from 'zod/mini'
import type { LogSearch } from '../../shared/log-search.ts'
import { callLines, failureOf } from '../api/client.ts'
import { type HitEvent, type SearchEvent, Searching, type SearchState } from './searching.ts'
import { type SearchTerms, sameTerms, searchOf } from './terms.ts'

interface UseSearchOptions<H extends HitEvent> {
  /** Where it is asked for; it stays what it was at first, until `key` changes. */
  pathOf: (query: LogSearch) => string
  events: z.ZodMiniType<SearchEvent<H>>
  /** Another key begins another search. */
  key?: string
  /** What the address asks for */
  terms: SearchTerms
  onTerms: (terms: SearchTerms) => void
}

interface UsedSearch<H extends HitEvent> {
  searching: Searching<H>
  state: SearchState<H>
  /** For the bar: what it begins with, and when it begins anew, since the address changed by itself */
  bar: { key: number; first: SearchTerms; onSearch: (terms: SearchTerms) => void }
}

/** A search for what the address says. It ends with the page. */
export function useSearch<H extends HitEvent>(options: UseSearchOptions<H>): UsedSearch<H> {
  const { terms, onTerms, key = '' } = options
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const [searching] = useState(
    () =>
      new Searching<H>({
        ask: (query, before, signal) =>
          callLines(latest.current.pathOf({ ...query, before }), latest.current.events, signal),
        failureOf,
      }),
  )
  useEffect(() => () => searching.close(), [searching])
  const state = useSyncExternalStore(searching.subscribe, searching.state)
  const typed = useRef(terms)
  const [drawn, setDrawn] = useState(0)
  const { text, regex, matchCase, span, since, until } = terms
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key begins another search
  useEffect(() => {
    const asked = { text, regex, matchCase, span, since, until }
    searching.search(searchOf(asked))
    if (sameTerms(asked, typed.current)) return
    typed.current = asked
    setDrawn((count) => count + 1)
  }, [searching, key, text, regex, matchCase, span, since, until])
  const onSearch = (next: SearchTerms) => {
    typed.current = next
    if (sameTerms(next, terms)) searching.search(searchOf(next))
    else onTerms(next)
  }
  return { searching, state, bar: { key: drawn, first: terms, onSearch } }
}
