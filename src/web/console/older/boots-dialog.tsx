import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { failureOf } from '../../api/client.ts'
import { BootButtons } from '../../history/boots.tsx'
import { summaryQuery } from '../../history/queries.ts'
import { enLogPages } from '../../locales/en-logs.ts'
import { withWords } from '../../locales/more-words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import styles from './boots-dialog.module.css'
import { showPlace } from './show-place.ts'

/** The server's boots, newest first. The chosen one opens in the console, at its beginning. */
function BootsDialog({ open, serverId, onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('older')
  const history = useTranslations('history')
  const causes = useTranslations('causes')
  const { data: summary, error } = useQuery({ ...summaryQuery(serverId), refetchOnMount: 'always' })
  const [hasWay, setHasWay] = useState(true)
  const state = open.older.state()
  const choose = (offset: number) => {
    if (showPlace(open, offset)) onClose()
    else setHasWay(false)
  }
  const trouble = !hasWay
    ? t('noPlace')
    : error && !summary
      ? t('failed', { cause: causes(`${failureOf(error).cause}.title`) })
      : null
  return (
    <Dialog
      open
      title={t('bootsTitle')}
      description={t('bootsAbout')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={null}
    >
      {trouble !== null && <p role="alert">{trouble}</p>}
      <div className={styles.boots}>
        {summary ? (
          <BootButtons
            summary={summary}
            chosen={state.kind === 'older' ? (state.from ?? undefined) : undefined}
            onChoose={choose}
          />
        ) : (
          trouble === null && <p role="status">{history('loading')}…</p>
        )}
      </div>
    </Dialog>
  )
}

export default withWords(enLogPages, BootsDialog)
