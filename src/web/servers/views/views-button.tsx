import { ChevronDown, LayoutList } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { Preferences } from '../../../shared/preferences.ts'
import type { Change } from '../../preferences/changes.ts'
import type { ChangeView, ListView } from '../model/view.ts'
import type { SavedView } from './saved-view.ts'
import styles from './views.module.css'

export interface ViewsProps {
  preferences: Preferences
  /** Why the last change could not be kept */
  failure: unknown
  change: (change: Change) => Promise<void>
  view: ListView
  onView: ChangeView
}

export interface ViewsMenuProps extends ViewsProps {
  /** The saved view that the list shows now */
  shown: SavedView | undefined
  /** The view that was chosen last, if the list shows something else by now */
  changed: SavedView | undefined
  onChosen: (id: string | null) => void
}

type ViewsButtonProps = ComponentProps<'button'> & Pick<ViewsMenuProps, 'shown' | 'changed'>

export function ViewsButton({ shown, changed, ...rest }: ViewsButtonProps) {
  const t = useTranslations('views')
  const name = shown?.name ?? (changed && t('changed', { name: changed.name }))
  return (
    <button
      type="button"
      {...rest}
      className={`button ${styles.part}`}
      data-shown={shown !== undefined || undefined}
      aria-label={name === undefined ? t('views') : t('view', { name })}
    >
      <LayoutList size={15} aria-hidden />
      <span className={styles.shown}>{name ?? t('views')}</span>
      <ChevronDown size={14} aria-hidden />
    </button>
  )
}
