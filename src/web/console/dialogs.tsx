import * as Dialog from '@radix-ui/react-dialog'
import { useTranslations } from 'use-intl'
import type { PreparedPaste } from './paste/paste.ts'

/** Not before the dialog is gone: while it stands it keeps the focus to itself. */
const instead = (focus: () => void) => (event: Event) => {
  event.preventDefault()
  focus()
}

/** Shows what a paste would type, before it does. */
export function PasteDialog(props: {
  prepared: PreparedPaste | null
  onCancel: () => void
  onConfirm: (text: string) => void
  onFocus: () => void
}) {
  const t = useTranslations('console')
  const { prepared, onCancel, onConfirm, onFocus } = props
  return (
    <Dialog.Root open={prepared !== null} onOpenChange={(open) => !open && onCancel()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog" onCloseAutoFocus={instead(onFocus)}>
          {prepared && (
            <>
              <Dialog.Title>{t('pasteTitle', { lines: prepared.lines })}</Dialog.Title>
              <Dialog.Description>
                {t('pasteWarning')}
                {prepared.removed > 0 && ` ${t('pasteRemoved', { count: prepared.removed })}`}
              </Dialog.Description>
              <pre>{prepared.text.replaceAll('\r', '\n').slice(0, 20_000)}</pre>
              <footer>
                <Dialog.Close className="button">{t('cancel')}</Dialog.Close>
                <button type="button" className="button primary" onClick={() => onConfirm(prepared.text)}>
                  {t('paste')}
                </button>
              </footer>
            </>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** A link is the server's words: where it leads is shown before it is followed. */
export function LinkDialog(props: { url: string | null; onClose: () => void; onFocus: () => void }) {
  const { url, onClose, onFocus } = props
  const t = useTranslations('console')
  return (
    <Dialog.Root open={url !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog" onCloseAutoFocus={instead(onFocus)}>
          <Dialog.Title>{t('linkTitle')}</Dialog.Title>
          <Dialog.Description>{t('linkWarning')}</Dialog.Description>
          <pre>{url}</pre>
          <footer>
            <Dialog.Close className="button">{t('cancel')}</Dialog.Close>
            <a
              className="button primary"
              href={url ?? undefined}
              target="_blank"
              rel="noopener noreferrer"
              onClick={onClose}
            >
              {t('openLink')}
            </a>
          </footer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
