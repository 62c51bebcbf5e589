import { useTranslations } from 'use-intl'
import { Dialog } from '../ui/dialog.tsx'

interface LinkDialogProps {
  url: string | null
  onClose: () => void
  onFocus: () => void
}

/** Asks before a link is followed. The server printed it, so the dialog shows where it leads. */
export function LinkDialog({ url, onClose, onFocus }: LinkDialogProps) {
  const t = useTranslations('console')
  return (
    <Dialog
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
    </Dialog>
  )
}
