import { Power as PowerIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { useOnDemand } from '../ui/on-demand.ts'

export interface PowerProps {
  server: Server
  /** One short sentence on what just happened. */
  announce: (sentence: string) => void
  /** Gives the focus back where the button shall not have it. */
  onFocus?: (() => void) | undefined
}

/** Powers a server on and off, and reboots it: a button with a menu. */
export function Power(props: PowerProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./power-menu.tsx'))
  return Menu ? (
    <Menu {...props} byKeyboard={byKeyboard} />
  ) : (
    <PowerButton server={props.server} {...button} />
  )
}

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
