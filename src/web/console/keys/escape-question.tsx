import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import type { OpenConsole } from '../use-console.ts'
import { useKeyboard } from './use-keyboard.ts'

/** Asks before the gateway gets what it may take as a command to itself. */
export function EscapeQuestion({ open: { terminal } }: { open: OpenConsole }) {
  const t = useTranslations('console.keyboard')
  const { keyboard } = terminal
  const { asked } = useKeyboard(keyboard)
  return (
    asked && (
      <Dialog
        open
        title={t(`escapes.${asked}.title`)}
        description={t(`escapes.${asked}.about`)}
        cancel={t('dontSend')}
        onCancel={() => keyboard.answer(false)}
        onFocus={() => terminal.focus()}
        actions={
          <button type="button" className="button primary" onClick={() => keyboard.answer(true)}>
            {t('send')}
          </button>
        }
      />
    )
  )
}
