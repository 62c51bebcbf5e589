import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import type { Listed } from '../api/listed.ts'
import { signInQuery } from '../api/queries.ts'
import { enList } from '../locales/en-list.ts'
import { withWords } from '../locales/more-words.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { ChangeView, ListView } from './model/view.ts'

interface NoServersProps {
  listed: Pick<Listed, 'servers' | 'missing' | 'progress'>
  view: ListView
  onView: ChangeView
  onRefresh: () => unknown
}

/** In place of the rows, when there are none: why, and what would bring some. */
function NoServers({ listed, view, onView, onRefresh }: NoServersProps) {
  const t = useTranslations('list.empty')
  const words = useTranslations('servers')
  const { query } = view
  const state = stateOf(listed, view)
  const narrowed = listed.servers.length > 0
  return (
    <EmptyState picture={pictures[state]} title={t(`${state}.title`, { query })} next={t(`${state}.next`)}>
      <div className="actions">
        {narrowed && query !== '' && (
          <button type="button" className="button" onClick={() => onView({ query: '' })}>
            {t('clear')}
          </button>
        )}
        {narrowed && Object.keys(view.facets).length > 0 && (
          <button
            type="button"
            className="button"
            onClick={() => onView({ only: null, query: '', facets: {} })}
          >
            {words('showAll')}
          </button>
        )}
        {!narrowed && (
          <>
            <button type="button" className="button" onClick={() => void onRefresh()}>
              {words('refresh')}
            </button>
            <OtherProjects />
          </>
        )}
      </div>
    </EmptyState>
  )
}

/** Who chose projects may have chosen one without servers. */
function OtherProjects() {
  const t = useTranslations('list.empty')
  const { data: signIn } = useQuery(signInQuery())
  const here = useRouterState({ select: ({ location }) => location.href })
  if (signIn?.state !== 'signed-in' || !signIn.projects) return null
  return (
    <Link to="/projects" search={{ to: here }} className="button">
      {t('projects')}
    </Link>
  )
}

type State = keyof typeof pictures

const pictures = {
  none: 'no-servers',
  partly: 'partly',
  loading: 'search',
  search: 'no-match',
  filters: 'no-match',
  both: 'no-match',
} as const

function stateOf({ servers, missing, progress }: NoServersProps['listed'], view: ListView): State {
  // Without any server, no search is to blame.
  if (servers.length === 0) return missing.length > 0 ? 'partly' : 'none'
  if (progress) return 'loading'
  if (view.query === '') return 'filters'
  return Object.keys(view.facets).length > 0 ? 'both' : 'search'
}

export default withWords({ list: enList }, NoServers)
