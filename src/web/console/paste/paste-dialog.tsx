import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import { sentences } from '../../ui/sentences.ts'
import type { PreparedPaste } from './paste.ts'

interface PasteDialogProps {
  prepared: PreparedPaste | null
  /** To how many consoles it goes */
  consoles?: number
  onCancel: () => void
  onConfirm: (text: string) => void
  onFocus: () => void
}

const nothing: PreparedPaste = {
  text: '',
  lines: 0,
  removed: 0,
  uncarried: 0,
  escapes: false,
  needsConfirmation: false,
}

/** Shows what a paste would type before it is typed. */
export function PasteDialog({ prepared, consoles = 1, onCancel, onConfirm, onFocus }: PasteDialogProps) {
  const t = useTranslations('console')
  const { text, lines, removed, uncarried, escapes } = prepared ?? nothing
  const facts = [
    consoles > 1 && t('pasteSeveral', { count: consoles }),
    t('pasteWarning'),
    removed > 0 && t('pasteRemoved', { count: removed }),
    uncarried > 0 && t('pasteUncarried', { count: uncarried }),
    escapes && t('pasteEscapes'),
  ]
  return (
    <Dialog
      open={prepared !== null}
      title={t('pasteTitle', { lines })}
      description={sentences(...facts)}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button type="button" className="button primary" onClick={() => onConfirm(text)}>
          {t('paste')}
        </button>
      }
    >
      <pre>{text.replaceAll('\r', '\n').slice(0, 20_000)}</pre>
    </Dialog>
  )
}
