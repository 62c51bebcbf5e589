import { Scaling } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext } from '../console/bar/bar-item.ts'
import { useDialog } from '../console/bar/use-dialog.tsx'
import { sizeText } from '../console/size/size-choice.ts'
import { useFrame } from '../console/size/use-size.ts'
import styles from './embed.module.css'
import { PopoverButton } from './popover-button.tsx'

type SizeMenuProps = Pick<BarContext, 'open' | 'serverId' | 'announce'>

/** How large the terminal is. A press opens the choices. */
export function SizeMenu({ open, ...props }: SizeMenuProps) {
  const t = useTranslations('size')
  const { dialog, show } = useDialog(open, props.serverId)
  const { shown } = useFrame(open.terminal)
  return (
    <>
      <PopoverButton
        open={open}
        aria-label={t('chip', shown)}
        title={t('chip', shown)}
        className={styles.size}
        panelLabel={t('title')}
        panelClass={styles.sizes}
        panelProps={{ ...props, show }}
        load={loadPanel}
      >
        <Scaling size={15} aria-hidden />
        <span className={styles.roomy}>{sizeText(shown)}</span>
      </PopoverButton>
      {dialog}
    </>
  )
}

const loadPanel = () => import('./size-panel.tsx')
