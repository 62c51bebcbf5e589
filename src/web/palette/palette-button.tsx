import { Search } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import { onMac } from '../console/platform.ts'
import styles from '../ui/list.module.css'
import { paletteDoor } from './palette-door.ts'
import { paletteKeys } from './palette-key.ts'

/** Opens the palette, and tells its key. */
export function PaletteButton() {
  const t = useTranslations('pages')
  if (!useUser()) return null
  const keys = paletteKeys(onMac)
  return (
    <button
      type="button"
      className={`button ${styles.palette}`}
      aria-label={t('goTo')}
      aria-keyshortcuts={onMac ? 'Meta+K' : 'Control+K'}
      aria-haspopup="dialog"
      title={`${t('goTo')} (${keys})`}
      onClick={paletteDoor.open}
    >
      <Search size={15} aria-hidden /> <span>{t('goTo')}</span> <kbd aria-hidden>{keys}</kbd>
    </button>
  )
}
