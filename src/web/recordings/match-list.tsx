import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { RecordingSearchEvent } from '../../shared/recording.ts'
import { paths } from '../api/paths.ts'
import { SearchBar } from '../search/search-bar.tsx'
import { SearchResults } from '../search/search-results.tsx'
import type { SearchTerms } from '../search/terms.ts'
import { useSearch } from '../search/use-search.ts'
import { keyOf, type RecordingHit, RecordingHitContent } from './recording-hit.tsx'
import styles from './recordings.module.css'

interface MatchListProps {
  id: string
  terms: SearchTerms
  onTerms: (terms: SearchTerms) => void
  onJump: (second: number) => void
}

/** Searches one recording. A click on a line plays from there. */
export function MatchList({ id, terms, onTerms, onJump }: MatchListProps) {
  const t = useTranslations('recordings')
  const input = useRef<HTMLInputElement>(null)
  const { bar, ...search } = useSearch<RecordingHit>({
    pathOf: (query) => paths.recordingSearch(id, query),
    events: RecordingSearchEvent,
    terms,
    onTerms,
  })
  return (
    <div className={styles.matches}>
      <SearchBar {...bar} key={bar.key} label={t('searchOne')} input={input} />
      <SearchResults {...search} of="one" keyOf={keyOf}>
        {(hit) => (
          <button type="button" onClick={() => onJump(hit.second)}>
            <RecordingHitContent hit={hit} />
          </button>
        )}
      </SearchResults>
    </div>
  )
}
