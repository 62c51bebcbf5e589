import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import { useTurn } from '../../ui/turn.ts'
import type { OpenConsole } from '../use-console.ts'
import { useKeyboard } from './use-keyboard.ts'

interface EscapeQuestionProps {
  open: OpenConsole
  /** The server's */
  name: string
}

/** Asks before the gateway gets what it may take as a command to itself. Several consoles ask one after the other. */
export function EscapeQuestion({ open: { terminal }, name }: EscapeQuestionProps) {
  const t = useTranslations('console.keyboard')
  const { keyboard } = terminal
  const { asked } = useKeyboard(keyboard)
  const { isOurs, giveFocus } = useTurn(asked !== null)
  return (
    asked &&
    isOurs && (
      <Dialog
        open
        title={t(`escapes.${asked}.title`, { name })}
        description={t(`escapes.${asked}.about`)}
        cancel={t('dontSend')}
        onCancel={() => keyboard.answer(false)}
        onFocus={() => giveFocus(terminal)}
        actions={
          <button type="button" className="button primary" onClick={() => keyboard.answer(true)}>
            {t('send')}
          </button>
        }
      />
    )
  )
}
