import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTranslations } from 'use-intl'

interface DialogProps {
  open: boolean
  title: string
  description: ReactNode
  /** Called by Escape, by a click beside the dialog, and by the Cancel button. */
  onCancel: () => void
  /** Puts the focus where it belongs once the dialog is gone. Without it, it goes back to where it was. */
  onFocus?: (() => void) | undefined
  children?: ReactNode
  /** The buttons beside Cancel. */
  actions: ReactNode
  /** Other words for the Cancel button. */
  cancel?: string
}

/**
 * Asks a question over the page. It is the browser's own modal dialog, which keeps the focus and covers the page by
 * itself: the embedded page has no bytes to spare for a library's.
 */
export function Dialog({ open, ...props }: DialogProps) {
  return open ? createPortal(<OpenDialog {...props} />, document.body) : null
}

function OpenDialog(props: Omit<DialogProps, 'open'>) {
  const t = useTranslations('shell')
  const { title, description, onCancel, onFocus, children, actions, cancel } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const giveFocus = useRef(onFocus)
  useLayoutEffect(() => {
    giveFocus.current = onFocus
  })
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => {
      // Closed while it is still in the page: the browser gives the focus back only then.
      shown?.close()
      giveFocus.current?.()
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
        // The backdrop is no element of its own, and the padding is inside the dialog: only the place tells.
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
