import { Check, Scaling } from 'lucide-react'
import { useId, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useDialog } from '../console/bar/use-dialog.tsx'
import { sizeCommand } from '../console/size/match.ts'
import { sizeText } from '../console/size/size-choice.ts'
import { useSizeItems } from '../console/size/size-items.ts'
import { useFrame } from '../console/size/use-size.ts'
import type { OpenConsole } from '../console/use-console.ts'
import styles from './embed.module.css'

interface SizeMenuProps {
  open: OpenConsole
  serverId: string
}

/** How large the terminal is, the sizes to choose from, and the way to tell the machine, in the browser's own popover. */
export function SizeMenu({ open, serverId }: SizeMenuProps) {
  const { terminal } = open
  const t = useTranslations('size')
  const id = useId()
  const popover = useRef<HTMLDivElement>(null)
  const { dialog, show } = useDialog(open, serverId)
  const [choice, match] = useSizeItems({ open, serverId, show })
  const { shown } = useFrame(terminal)
  const choose = (act: () => void) => {
    popover.current?.hidePopover()
    terminal.focus()
    act()
  }
  return (
    <>
      <button
        type="button"
        className={`icon ${styles.size}`}
        aria-label={t('chip', shown)}
        title={t('chip', shown)}
        popoverTarget={id}
      >
        <Scaling size={15} aria-hidden />
        <span className={styles.roomy}>{sizeText(shown)}</span>
      </button>
      <div
        id={id}
        ref={popover}
        popover="auto"
        className={`${styles.keys} ${styles.sizes}`}
        role="dialog"
        aria-label={t('title')}
      >
        <fieldset disabled={choice.disabled !== undefined}>
          <legend>{choice.disabled ?? t('title')}</legend>
          {choice.options.map(({ value, label }) => (
            <button
              key={value}
              type="button"
              className={styles.worded}
              aria-pressed={value === choice.value}
              onClick={() => choose(() => choice.choose(value))}
            >
              {label}
              {value === choice.value && <Check size={15} aria-hidden />}
            </button>
          ))}
        </fieldset>
        <fieldset disabled={match.disabled !== undefined}>
          <legend>{match.disabled ?? t('match')}</legend>
          <button
            type="button"
            className={styles.worded}
            onClick={() => choose(() => match.kind === 'action' && match.run())}
          >
            <code>{sizeCommand(shown).trim()}</code>
          </button>
        </fieldset>
      </div>
      {dialog}
    </>
  )
}
