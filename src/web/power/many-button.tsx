import { ChevronDown, Power as PowerIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'

export interface ManyProps {
  servers: readonly Server[]
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function ManyButton({ servers, ...rest }: ManyProps & ComponentProps<'button'>) {
  const t = useTranslations('power')
  return (
    <button type="button" className="button" disabled={servers.length === 0} {...rest}>
      <PowerIcon size={16} aria-hidden />
      {t('title')}
      <ChevronDown size={14} aria-hidden />
    </button>
  )
}
