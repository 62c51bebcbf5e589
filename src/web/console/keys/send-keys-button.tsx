import { ChevronDown, Keyboard } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { OpenConsole } from '../use-console.ts'

export interface SendKeysProps {
  open: OpenConsole
  /** Why no key can be sent now. */
  disabled: string | undefined
  /** Opens the choices for this server's keyboard. */
  chooseSettings: () => void
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function SendKeysButton({ why, ...rest }: ComponentProps<'button'> & { why: string | undefined }) {
  const t = useTranslations('console')
  return (
    <button
      type="button"
      className="tool"
      {...rest}
      disabled={why !== undefined}
      title={why ?? t('sendKeys')}
    >
      <Keyboard size={16} aria-hidden /> {t('keys')} <ChevronDown size={14} aria-hidden />
    </button>
  )
}
