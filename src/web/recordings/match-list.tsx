import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { failureOf } from '../api/client.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import list from '../ui/list.module.css'
import { SearchField } from '../ui/search-field.tsx'
import { MatchText } from './match-text.tsx'
import { matchesQuery } from './queries.ts'
import styles from './recordings.module.css'

interface MatchListProps {
  id: string
  query: string
  onQuery: (query: string) => void
  onJump: (second: number) => void
}

/** Searches one recording. A click on a match plays from there. */
export function MatchList({ id, query, onQuery, onJump }: MatchListProps) {
  const t = useTranslations('recordings')
  const { data, error, isFetching } = useQuery(matchesQuery(id, query))
  const count = data?.matches.length ?? 0
  return (
    <div className={styles.matches}>
      <SearchField label={t('searchOne')} query={query} onQuery={onQuery} />
      {error !== null && <FailureNotice failure={failureOf(error)} />}
      <p role="status" className={list.dim}>
        {isFetching && `${t('searching')}…`}
        {data && !isFetching && t(data.more ? 'matchesMore' : 'matches', { count })}
      </p>
      {data && (
        <ol>
          {data.matches.map((match, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: matches have no identity but their order
            <li key={index}>
              <button type="button" className={styles.match} onClick={() => onJump(match.second)}>
                <MatchText match={match} />
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
