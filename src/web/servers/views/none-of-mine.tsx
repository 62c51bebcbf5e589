import { useTranslations } from 'use-intl'
import { enViews } from '../../locales/en-views.ts'
import { withWords } from '../../locales/more-words.tsx'
import { usePreferences } from '../../preferences/use-preferences.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type ChangeView, isNarrowed, type ListView } from '../model/view.ts'

interface NoneOfMineProps {
  view: ListView
  onView: ChangeView
}

/** Why the person's own part of the list has no rows. */
export default withWords(enViews, function NoneOfMine({ view, onView }: NoneOfMineProps) {
  const t = useTranslations('views')
  const servers = useTranslations('servers')
  const { read } = usePreferences()
  const why =
    read === 'failed'
      ? 'cantTell'
      : isNarrowed({ ...view, only: null })
        ? 'noneMatch'
        : view.only === 'recent'
          ? 'noRecent'
          : 'noFavourites'
  return (
    <EmptyState picture={pictures[why]} title={t(why)} next={t(`${why}Next`)}>
      <button type="button" className="button" onClick={() => onView({ only: null, query: '', facets: {} })}>
        {servers('showAll')}
      </button>
    </EmptyState>
  )
})

const pictures = {
  cantTell: 'fault',
  noneMatch: 'no-match',
  noRecent: 'recent',
  noFavourites: 'favourites',
} as const
