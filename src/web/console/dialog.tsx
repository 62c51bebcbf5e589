import * as Radix from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'

interface ConsoleDialogProps {
  open: boolean
  title: string
  description: ReactNode
  /** Escape, a click beside it, or its own way out. */
  onCancel: () => void
  /** Gives the focus back, to the terminal. */
  onFocus: () => void
  children?: ReactNode
  /** The buttons beside the way out. */
  actions: ReactNode
  /** The way out's words; “Cancel” where they are not given. */
  cancel?: string
}

/** A question over the terminal, which has the focus again when it is gone. */
export function ConsoleDialog(props: ConsoleDialogProps) {
  const t = useTranslations('console')
  const { open, title, description, onCancel, onFocus, children, actions, cancel } = props
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onCancel()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            // Not before the dialog is gone: while it stands it keeps the focus to itself.
            event.preventDefault()
            onFocus()
          }}
        >
          <Radix.Title>{title}</Radix.Title>
          <Radix.Description>{description}</Radix.Description>
          {children}
          <footer>
            <Radix.Close className="button">{cancel ?? t('cancel')}</Radix.Close>
            {actions}
          </footer>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
