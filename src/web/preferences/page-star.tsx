import { useTranslations } from 'use-intl'
import { enViews } from '../locales/en-views.ts'
import { withWords } from '../locales/more-words.tsx'
import FavouriteStar from './favourite-star.tsx'
import { usePreferences } from './use-preferences.ts'

/** The star of the one server that a page is about. */
export const PageStar = withWords(enViews, function Star({ id, name }: { id: string; name: string }) {
  const t = useTranslations('servers')
  usePreferences()
  return <FavouriteStar serverId={id} label={t('favourite', { name })} className="icon" px={18} />
})
