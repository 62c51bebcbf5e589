import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { LARGEST_SIZE, TerminalSize } from '../../../shared/terminal-size.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import styles from './size.module.css'
import { chooseSize } from './use-size.ts'

/** Asks for a size of one's own. */
export default function OwnSizeDialog({ open, serverId, onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('size')
  const { shown } = open.terminal.frame.state
  const [wanted, setWanted] = useState({ columns: String(shown.columns), rows: String(shown.rows) })
  const { data: size } = TerminalSize.safeParse({
    columns: Number(wanted.columns),
    rows: Number(wanted.rows),
  })
  const field = (which: 'columns' | 'rows') => (
    <label>
      {t(which)}
      <input
        inputMode="numeric"
        value={wanted[which]}
        aria-invalid={size === undefined}
        onChange={({ target }) => setWanted({ ...wanted, [which]: target.value })}
      />
    </label>
  )
  return (
    <Dialog
      open
      title={t('ownTitle')}
      description={t('ownAbout', LARGEST_SIZE)}
      onCancel={onClose}
      onFocus={onFocus}
      actions={
        <button type="submit" form="own-size" className="button primary" disabled={!size}>
          {t('set')}
        </button>
      }
    >
      <form
        id="own-size"
        className={styles.own}
        onSubmit={(event) => {
          event.preventDefault()
          if (!size) return
          chooseSize(serverId, size)
          onClose()
        }}
      >
        {field('columns')}
        <span aria-hidden>×</span>
        {field('rows')}
        <p role="status">{!size && t('outOfBounds', LARGEST_SIZE)}</p>
      </form>
    </Dialog>
  )
}
