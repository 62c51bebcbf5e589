import { Power as PowerIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'

export interface PowerProps {
  server: Server
  /** The button has room for its word. */
  worded?: boolean | undefined
  /** Shows one short sentence about what just happened. */
  announce: (sentence: string) => void
  /** Puts the focus elsewhere than on the button once the menu or the dialog is gone. */
  onFocus?: (() => void) | undefined
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function PowerButton({
  server,
  worded = false,
  ...rest
}: ComponentProps<'button'> & Pick<PowerProps, 'server' | 'worded'>) {
  const t = useTranslations('power')
  return (
    <button
      type="button"
      className={worded ? 'tool' : 'icon'}
      aria-label={t('of', { name: server.name })}
      title={t('title')}
      {...rest}
    >
      <PowerIcon size={worded ? 16 : 17} aria-hidden />
      {worded && <span className="word">{t('title')}</span>}
    </button>
  )
}
