import { useQuery } from '@tanstack/react-query'
import { ListChecks, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { aboutQuery } from '../../api/queries.ts'
import { type Change, removed, saved } from '../../preferences/changes.ts'
import { useNotKept } from '../../preferences/use-preferences.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { SavedView } from './saved-view.ts'
import styles from './views.module.css'

interface ManageViewsProps {
  views: readonly SavedView[]
  /** Why the last change could not be kept */
  failure: unknown
  /** What the list shows now */
  search: SavedView['search']
  /** The id of the view that is just that */
  shown: string | undefined
  change: (change: Change) => Promise<void>
  onClose: () => void
  onFocus: () => void
}

/** Renames, updates and deletes saved views. One that was deleted can be brought back until the dialog closes. */
export function ManageViews(props: ManageViewsProps) {
  const { views, failure, search, shown, change, onClose, onFocus } = props
  const t = useTranslations('views')
  const why = useNotKept()
  const { data: about } = useQuery(aboutQuery())
  const [deleted, setDeleted] = useState<readonly SavedView[]>([])
  const [did, setDid] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const gone = deleted.filter(({ id }) => !views.some((view) => view.id === id))
  const remove = (view: SavedView) => {
    void change(removed(view.id))
    setDeleted([...gone, view])
    setDid(t('deleted', { name: view.name }))
    // The button that had the focus is gone. The dialog keeps it, so that the keys stay in there.
    list.current?.focus()
  }
  return (
    <Dialog
      open
      title={t('manageTitle')}
      description={about && t(`places.${about.preferences}`)}
      onCancel={onClose}
      onFocus={onFocus}
      cancel={t('done')}
      actions={null}
    >
      <ul ref={list} className={styles.manage} tabIndex={-1} aria-label={t('manageTitle')}>
        {views.map((view) => (
          <li key={view.id}>
            <input
              // A name that another tab gave is shown, too.
              key={view.name}
              type="text"
              maxLength={80}
              aria-label={t('rename', { name: view.name })}
              defaultValue={view.name}
              onBlur={({ target }) => {
                const name = target.value.trim()
                if (name === '') target.value = view.name
                else if (name !== view.name) void change(saved({ ...view, name }))
              }}
              onKeyDown={({ key, currentTarget }) => {
                if (key === 'Enter') currentTarget.blur()
              }}
            />
            <button
              type="button"
              className="icon"
              aria-label={t('useCurrent', { name: view.name })}
              title={t('useCurrent', { name: view.name })}
              disabled={view.id === shown}
              onClick={() => {
                void change(saved({ ...view, search }))
                setDid(t('updated', { name: view.name }))
              }}
            >
              <ListChecks size={16} aria-hidden />
            </button>
            <button
              type="button"
              className="icon"
              aria-label={t('delete', { name: view.name })}
              title={t('delete', { name: view.name })}
              onClick={() => remove(view)}
            >
              <Trash2 size={16} aria-hidden />
            </button>
          </li>
        ))}
        {gone.map((view) => (
          <li key={view.id} data-gone>
            <span>{t('deleted', { name: view.name })}</span>
            <button
              type="button"
              className="tool"
              aria-label={t('undoFor', { name: view.name })}
              onClick={() => {
                void change(saved(view))
                list.current?.focus()
              }}
            >
              {t('undo')}
            </button>
          </li>
        ))}
      </ul>
      {views.length === 0 && gone.length === 0 && <p>{t('none')}</p>}
      <p role="status" className={failure === null ? 'unseen' : styles.failed}>
        {failure === null ? did : why(failure)}
      </p>
    </Dialog>
  )
}
