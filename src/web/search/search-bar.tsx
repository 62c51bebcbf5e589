import { CaseSensitive, Regex, Search } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { useTranslations } from 'use-intl'
import list from '../ui/list.module.css'
import { TimeField } from '../ui/time-field.tsx'
import styles from './search.module.css'
import { isSpan, noTerms, type SearchTerms, spans, withSpan } from './terms.ts'

interface SearchBarProps {
  label: string
  /** What it shows at first */
  first?: SearchTerms
  input: RefObject<HTMLInputElement | null>
  onSearch: (terms: SearchTerms) => void
}

/** What to search for. Enter begins it: each search reads much, and is audited. */
export function SearchBar({ label, first = noTerms, input, onSearch }: SearchBarProps) {
  const t = useTranslations('search')
  const [query, setQuery] = useState(first)
  const choose = (change: Partial<SearchTerms>) => {
    const next = { ...query, ...change }
    setQuery(next)
    if (next.text !== '') onSearch(next)
  }
  return (
    <form
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(query)
      }}
    >
      <div className={list.search}>
        <Search size={16} aria-hidden />
        <input
          ref={input}
          type="search"
          maxLength={200}
          aria-label={label}
          placeholder={label}
          value={query.text}
          onChange={(event) => {
            const text = event.target.value
            setQuery({ ...query, text })
            if (text === '') onSearch({ ...query, text })
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            setQuery({ ...query, text: '' })
            onSearch({ ...query, text: '' })
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
        onChange={({ target: { value } }) => {
          if (value === 'range') setQuery(withSpan(query, value))
          else if (isSpan(value)) choose(withSpan(query, value))
        }}
      >
        {spans.map((span) => (
          <option key={span} value={span}>
            {t(`spans.${span}`)}
          </option>
        ))}
      </select>
      {query.span === 'range' && (
        <fieldset className={styles.range} aria-label={t('spans.range')}>
          <TimeField
            label={t('since')}
            moment={query.since}
            onMoment={(since) => setQuery({ ...query, since })}
          />
          <TimeField
            label={t('until')}
            moment={query.until}
            onMoment={(until) => setQuery({ ...query, until })}
          />
          <button type="submit" className="button">
            {t('search')}
          </button>
        </fieldset>
      )}
    </form>
  )
}
