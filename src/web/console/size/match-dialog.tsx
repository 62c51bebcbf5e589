import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import { sizeCommand } from './match.ts'
import { typeSize, useFrame } from './use-size.ts'

/** Asks before the command goes to whatever runs on the screen. */
export default function MatchDialog({ open, onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('size')
  const { shown } = useFrame(open.terminal)
  return (
    <Dialog
      open
      title={t('asksTitle')}
      description={t('asksAbout')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={
        <button
          type="button"
          className="button primary"
          onClick={() => {
            typeSize(open)
            onClose()
          }}
        >
          {t('asksType')}
        </button>
      }
    >
      <pre>{sizeCommand(shown).trim()}</pre>
    </Dialog>
  )
}
