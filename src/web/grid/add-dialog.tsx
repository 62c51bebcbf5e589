import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '../ui/dialog.tsx'
import { Picker } from './picker.tsx'

interface AddDialogProps {
  open: readonly string[]
  onCancel: () => void
  onAdd: (servers: string[]) => void
  onFocus: () => void
}

/** Opens more consoles beside those that are open. */
export function AddDialog({ open, onCancel, onAdd, onFocus }: AddDialogProps) {
  const t = useTranslations('consoles')
  const [chosen, setChosen] = useState<string[]>([])
  return (
    <Dialog
      open
      title={t('addTitle')}
      description={t('addAbout')}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button
          type="button"
          className="button primary"
          disabled={chosen.length === 0}
          onClick={() => onAdd(chosen)}
        >
          {t('open', { count: chosen.length })}
        </button>
      }
    >
      <Picker open={open} chosen={chosen} onChosen={setChosen} />
    </Dialog>
  )
}
