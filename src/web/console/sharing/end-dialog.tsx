import { useTranslations } from 'use-intl'
import { ConsoleDialog } from '../dialog.tsx'

interface EndDialogProps {
  open: boolean
  name: string
  /** Viewers besides us. */
  others: number
  onCancel: () => void
  onConfirm: () => void
  onFocus: () => void
}

/** Says what ending a shared console does, before it does it. */
export function EndDialog({ open, name, others, onCancel, onConfirm, onFocus }: EndDialogProps) {
  const t = useTranslations('console')
  return (
    <ConsoleDialog
      open={open}
      title={t('endTitle')}
      description={t('endWarning', { name, others })}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button type="button" className="button primary" onClick={onConfirm}>
          {t('end')}
        </button>
      }
    />
  )
}
