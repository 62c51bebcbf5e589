import * as Dialog from '@radix-ui/react-dialog'
import { useTranslations } from 'use-intl'

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
    <Dialog.Root open={open} onOpenChange={(next) => !next && onCancel()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            onFocus()
          }}
        >
          <Dialog.Title>{t('endTitle')}</Dialog.Title>
          <Dialog.Description>{t('endWarning', { name, others })}</Dialog.Description>
          <footer>
            <Dialog.Close className="button">{t('cancel')}</Dialog.Close>
            <button type="button" className="button primary" onClick={onConfirm}>
              {t('end')}
            </button>
          </footer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
