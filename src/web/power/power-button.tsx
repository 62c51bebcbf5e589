import { Power as PowerIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'

export interface PowerProps {
  server: Server
  /** Shows one short sentence about what just happened. */
  announce: (sentence: string) => void
  /** Puts the focus elsewhere than on the button once the menu or the dialog is gone. */
  onFocus?: (() => void) | undefined
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function PowerButton({ server, ...rest }: ComponentProps<'button'> & Pick<PowerProps, 'server'>) {
  const t = useTranslations('power')
  return (
    <button
      type="button"
      className="icon"
      aria-label={t('of', { name: server.name })}
      title={t('title')}
      {...rest}
    >
      <PowerIcon size={17} aria-hidden />
    </button>
  )
}
