import * as Radix from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'

interface ConfirmDialogProps {
  open: boolean
  title: string
  description: string
  /** The deed, in the words of its button */
  confirm: string
  /** It is under way. */
  pending: boolean
  onConfirm: () => void
  onCancel: () => void
  /** Gives the focus back, once the dialog is gone; else what had it has it again. */
  onFocus?: (() => void) | undefined
  /** Why it did not work */
  children?: ReactNode
}

/** Asks before what cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, description, confirm, pending, onConfirm, onCancel, onFocus, children } = props
  const t = useTranslations('shell')
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onCancel()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            if (!onFocus) return
            event.preventDefault()
            onFocus()
          }}
        >
          <Radix.Title>{title}</Radix.Title>
          <Radix.Description>{description}</Radix.Description>
          {children}
          <div className="choices">
            <Radix.Close className="button">{t('cancel')}</Radix.Close>
            <button type="button" className="button primary" disabled={pending} onClick={onConfirm}>
              {confirm}
            </button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
