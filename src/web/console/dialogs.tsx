import { useTranslations } from 'use-intl'
import { ConsoleDialog } from './dialog.tsx'
import type { PreparedPaste } from './paste/paste.ts'

/** Shows what a paste would type, before it does. */
export function PasteDialog(props: {
  prepared: PreparedPaste | null
  onCancel: () => void
  onConfirm: (text: string) => void
  onFocus: () => void
}) {
  const t = useTranslations('console')
  const { prepared, onCancel, onConfirm, onFocus } = props
  const { text, lines, removed } = prepared ?? { text: '', lines: 0, removed: 0 }
  return (
    <ConsoleDialog
      open={prepared !== null}
      title={t('pasteTitle', { lines })}
      description={`${t('pasteWarning')}${removed > 0 ? ` ${t('pasteRemoved', { count: removed })}` : ''}`}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button type="button" className="button primary" onClick={() => onConfirm(text)}>
          {t('paste')}
        </button>
      }
    >
      <pre>{text.replaceAll('\r', '\n').slice(0, 20_000)}</pre>
    </ConsoleDialog>
  )
}

/** A link is the server's words: where it leads is shown before it is followed. */
export function LinkDialog(props: { url: string | null; onClose: () => void; onFocus: () => void }) {
  const { url, onClose, onFocus } = props
  const t = useTranslations('console')
  return (
    <ConsoleDialog
      open={url !== null}
      title={t('linkTitle')}
      description={t('linkWarning')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={
        <a
          className="button primary"
          href={url ?? undefined}
          target="_blank"
          rel="noopener noreferrer"
          onClick={onClose}
        >
          {t('openLink')}
        </a>
      }
    >
      <pre>{url}</pre>
    </ConsoleDialog>
  )
}
