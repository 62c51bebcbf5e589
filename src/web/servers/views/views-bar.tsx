import { Clock, Star } from 'lucide-react'
import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'
import { enViews } from '../../locales/en-views.ts'
import { withWords } from '../../locales/more-words.tsx'
import { usePreferences } from '../../preferences/use-preferences.ts'
import { useFadingEdges } from '../../ui/fading-edges.ts'
import { type ChangeView, isNarrowed, type ListView, type Only } from '../model/view.ts'
import { type Pins, pinned } from './pins.ts'
import { Views } from './saved-views.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { useFavouriteNews } from './use-favourite-news.ts'
import styles from './views.module.css'

interface ViewsBarProps {
  /** The whole list */
  servers: readonly Server[]
  view: ListView
  onView: ChangeView
  /** Told which servers are in the part that the view is of */
  onMine: (mine: { only: Only; servers: readonly Server[] } | null) => void
}

/** What a person has kept of the list: favourites, what they opened lately, and views. It loads after the first rows. */
export default memo(withWords(enViews, ViewsBar))

function ViewsBar({ servers, view, onView, onMine }: ViewsBarProps) {
  const t = useTranslations('views')
  const shell = useTranslations('shell')
  const preferring = usePreferences()
  const { preferences, read, refresh } = preferring
  const { only } = view
  const known = read === 'done'
  const byId = useMemo(() => new Map(servers.map((server) => [server.id, server])), [servers])
  const there = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? [])
  const [kept, setKept] = useState<Pins>({ only, known, ids: only ? preferences[only] : [] })
  const pins = pinned(kept, { only, known, ids: only ? preferences[only] : [] })
  if (pins !== kept) setKept(pins)
  useLayoutEffect(() => {
    const mine = pins.ids.flatMap((id) => byId.get(id) ?? [])
    // Where nothing can be read, the list is not empty: `none-of-mine.tsx` says what it is.
    onMine(pins.only && (pins.known || read === 'failed') ? { only: pins.only, servers: mine } : null)
  }, [pins, byId, read, onMine])
  const bar = useRef<HTMLDivElement>(null)
  useFadingEdges(bar, 'x', preferences)
  const news = useFavouriteNews(preferences.favourites, known, byId)
  return (
    <div ref={bar} className={styles.bar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's */}
      <div role="group" aria-label={t('group')} className={styles.parts}>
        {(['favourites', 'recent'] as const).map((part) => (
          <button
            key={part}
            type="button"
            className={`button ${styles.part}`}
            aria-pressed={only === part}
            onClick={() => onView({ only: only === part ? null : part })}
          >
            {part === 'favourites' ? <Star size={15} aria-hidden /> : <Clock size={15} aria-hidden />}
            <span className={styles.word}>{t(part)}</span>
            {known && <small>{there(preferences[part]).length}</small>}
          </button>
        ))}
        <Views {...preferring} view={view} onView={onView} />
      </div>
      {read === 'failed' ? (
        <p className={styles.unread} role="status">
          {t('unread')}
          <button type="button" className="tool" onClick={() => void refresh()}>
            {shell('tryAgain')}
          </button>
        </p>
      ) : (
        !isNarrowed(view) && <Shortcuts preferences={preferences} byId={byId} />
      )}
      <p role="status" className="unseen">
        {news}
      </p>
    </div>
  )
}
