import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'

interface EndDialogProps {
  open: boolean
  name: string
  /** How many viewers there are besides us. */
  others: number
  onCancel: () => void
  onConfirm: () => void
  onFocus: () => void
}

/** Says what ending a shared console does before it is ended. */
export function EndDialog({ open, name, others, onCancel, onConfirm, onFocus }: EndDialogProps) {
  const t = useTranslations('console')
  return (
    <Dialog
      open={open}
      title={t('endTitle')}
      description={t('endWarning', { name, others })}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button type="button" className="button danger" onClick={onConfirm}>
          {t('end')}
        </button>
      }
    />
  )
}
