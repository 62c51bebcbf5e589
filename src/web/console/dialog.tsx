import { type ReactNode, useEffect, useId, useRef } from 'react'
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

/**
 * A question over the terminal, which has the focus again when it is gone. The browser's own modal dialog: it keeps
 * the focus and covers the page by itself, and the page to embed has no bytes to spare for another.
 */
export function ConsoleDialog({ open, ...props }: ConsoleDialogProps) {
  return open ? <Asking {...props} /> : null
}

function Asking(props: Omit<ConsoleDialogProps, 'open'>) {
  const t = useTranslations('console')
  const { title, description, onCancel, onFocus, children, actions, cancel } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const giveFocus = useRef(onFocus)
  useEffect(() => {
    giveFocus.current = onFocus
  })
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => {
      shown?.close()
      // Not before the dialog is gone: while it stands it keeps the focus to itself.
      giveFocus.current()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for a click beside it is Escape, which cancels
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}about`}
      onCancel={(event) => {
        event.preventDefault()
        onCancel()
      }}
      onClick={({ target, currentTarget, clientX, clientY }) => {
        // Its backdrop is no element of its own; its padding is inside.
        const box = currentTarget.getBoundingClientRect()
        const inside =
          clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom
        if (target === currentTarget && !inside) onCancel()
      }}
    >
      <h2 id={`${id}title`}>{title}</h2>
      <p id={`${id}about`}>{description}</p>
      {children}
      <div className="choices">
        <button type="button" className="button" onClick={onCancel}>
          {cancel ?? t('cancel')}
        </button>
        {actions}
      </div>
    </dialog>
  )
}
