import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { aboutQuery } from '../../api/queries.ts'
import { type Change, saved } from '../../preferences/changes.ts'
import { toasts } from '../../toasts/toasts.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { namedLike, newViewId, type SavedView } from './saved-view.ts'
import styles from './views.module.css'

interface SaveViewProps {
  views: readonly SavedView[]
  /** What is saved */
  search: SavedView['search']
  change: (change: Change) => Promise<void>
  onSaved: (id: string) => void
  onClose: () => void
  onFocus: () => void
}

/** Asks for the name of a view. */
export function SaveView({ views, search, change, onSaved, onClose, onFocus }: SaveViewProps) {
  const t = useTranslations('views')
  const { data: about } = useQuery(aboutQuery())
  const [name, setName] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const given = name.trim()
  const same = namedLike(views, given)
  const save = () => {
    if (given === '') return
    const id = same?.id ?? newViewId()
    void change(saved({ id, name: given, search }))
    toasts.add(t('saved', { name: given }))
    onSaved(id)
    onClose()
  }
  return (
    <Dialog
      open
      title={t('saveTitle')}
      description={
        <>
          {t('saveAbout')} {about && t(`places.${about.preferences}`)}
        </>
      }
      onCancel={onClose}
      onFocus={onFocus}
      actions={
        <button type="submit" form="save-view" className="button primary" disabled={given === ''}>
          {t(same ? 'replace' : 'saveIt')}
        </button>
      }
    >
      <form
        id="save-view"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <label>
          {t('name')}
          <input
            ref={field}
            type="text"
            maxLength={80}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p role="status">{same && t('exists')}</p>
      </form>
    </Dialog>
  )
}
