import { CaseSensitive, Regex, Search } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { useTranslations } from 'use-intl'
import { systemClock } from '../../../shared/clock.ts'
import type { LogQuery, LogSearch } from '../../../shared/log-search.ts'
import list from '../../ui/list.module.css'
import styles from './search.module.css'

const HOUR_MS = 60 * 60_000
/** How far back a search looks, in ms; null: all of the log */
const spans = { all: null, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
type Span = keyof typeof spans
const isSpan = (value: string): value is Span => value in spans

interface Typed extends LogQuery {
  span: Span
}

const nothing: Typed = { text: '', regex: false, matchCase: false, span: 'all' }

function searchOf({ span, ...query }: Typed): LogSearch {
  const ms = spans[span]
  return ms === null ? query : { ...query, from: new Date(systemClock.now() - ms).toISOString() }
}

interface SearchBarProps {
  input: RefObject<HTMLInputElement | null>
  onSearch: (query: LogSearch) => void
}

/** What to search for. Enter begins it: each search reads much, and is audited. */
export function SearchBar({ input, onSearch }: SearchBarProps) {
  const t = useTranslations('history.search')
  const [query, setQuery] = useState(nothing)
  const choose = (change: Partial<Typed>) => {
    const next = { ...query, ...change }
    setQuery(next)
    if (next.text !== '') onSearch(searchOf(next))
  }
  return (
    <form
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(searchOf(query))
      }}
    >
      <div className={list.search}>
        <Search size={16} aria-hidden />
        <input
          ref={input}
          type="search"
          maxLength={200}
          aria-label={t('label')}
          placeholder={t('label')}
          value={query.text}
          onChange={(event) => {
            const text = event.target.value
            setQuery({ ...query, text })
            if (text === '') onSearch(searchOf({ ...query, text }))
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            setQuery({ ...query, text: '' })
            onSearch(searchOf({ ...query, text: '' }))
          }}
        />
      </div>
      <button
        type="button"
        className="icon"
        aria-pressed={query.matchCase}
        aria-label={t('matchCase')}
        title={t('matchCase')}
        onClick={() => choose({ matchCase: !query.matchCase })}
      >
        <CaseSensitive size={17} aria-hidden />
      </button>
      <button
        type="button"
        className="icon"
        aria-pressed={query.regex}
        aria-label={t('regex')}
        title={t('regex')}
        onClick={() => choose({ regex: !query.regex })}
      >
        <Regex size={16} aria-hidden />
      </button>
      <select
        className={styles.span}
        aria-label={t('span')}
        value={query.span}
        onChange={({ target }) => isSpan(target.value) && choose({ span: target.value })}
      >
        {Object.keys(spans)
          .filter(isSpan)
          .map((span) => (
            <option key={span} value={span}>
              {t(`spans.${span}`)}
            </option>
          ))}
      </select>
    </form>
  )
}
