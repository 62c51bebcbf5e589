import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { ConsoleSession } from '../session/session.ts'
import { useSession } from '../use-console.ts'
import { useViewerName } from './viewer-name.ts'

/** Announces what happens among the viewers of a line. */
export function useNews(session: ConsoleSession, announce: (sentence: string) => void): void {
  const t = useTranslations('console')
  const { news } = useSession(session)
  const viewerName = useViewerName()
  useEffect(() => {
    if (!news) return
    if ('viewer' in news) announce(t(`news.${news.kind}`, { viewer: viewerName(news.viewer) }))
    else announce(t(`news.${news.kind}`))
  }, [news, announce, t, viewerName])
}
