import { Keyboard } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { OpenConsole } from '../console/use-console.ts'
import styles from './embed.module.css'
import { PopoverButton } from './popover-button.tsx'

interface KeysMenuProps {
  open: OpenConsole
  /** Why no key can be sent now. */
  disabled: string | undefined
}

/** Opens the keys that a keyboard lacks. */
export function KeysMenu({ open, disabled }: KeysMenuProps) {
  const t = useTranslations('console')
  return (
    <PopoverButton
      open={open}
      className={styles.sendKeys}
      aria-label={t('sendKeys')}
      title={disabled ?? t('sendKeys')}
      disabled={disabled !== undefined}
      panelLabel={t('sendKeys')}
      panelProps={{}}
      load={loadPanel}
    >
      <Keyboard size={17} aria-hidden />
    </PopoverButton>
  )
}

const loadPanel = () => import('./keys-panel.tsx')
