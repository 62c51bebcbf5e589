import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'

/** Says what became a favourite, or is none any more: a key at a row changes only the look of a star. */
export function useFavouriteNews(
  favourites: readonly string[],
  known: boolean,
  byId: ReadonlyMap<string, Server>,
): string {
  const t = useTranslations('views')
  const [before, setBefore] = useState({ favourites, known, news: '' })
  if (before.favourites === favourites && before.known === known) return before.news
  const added = favourites.find((id) => !before.favourites.includes(id))
  const removed = before.favourites.find((id) => !favourites.includes(id))
  const name = byId.get(added ?? removed ?? '')?.name
  // What is read for the first time is no news.
  const news = before.known && name !== undefined ? t(added ? 'added' : 'removed', { name }) : before.news
  setBefore({ favourites, known, news })
  return news
}
