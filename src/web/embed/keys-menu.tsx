import { Keyboard } from 'lucide-react'
import { useId, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useKeyName } from '../console/keys/key-name.ts'
import {
  controlKeys,
  functionKeys,
  navigationKeys,
  type SendableKey,
  sysrqKeys,
} from '../console/keys/keys.ts'
import { type OpenConsole, useSession } from '../console/use-console.ts'
import styles from './embed.module.css'

interface KeysMenuProps {
  open: OpenConsole
  /** Why no key can be sent now. */
  disabled: string | undefined
}

/**
 * Buttons for keys that a keyboard lacks, or that the browser would take for itself. They open over the terminal in the
 * browser's own popover, which also closes them and leads Tab into them.
 */
export function KeysMenu({ open: { session, terminal }, disabled }: KeysMenuProps) {
  const t = useTranslations('console')
  const id = useId()
  const popover = useRef<HTMLDivElement>(null)
  const keyName = useKeyName()
  const { sysrq } = useSession(session)
  const send = (text: string) => {
    session.sendText(text)
    popover.current?.hidePopover()
    terminal.focus()
  }
  const group = (label: string, keys: readonly SendableKey[]) => (
    <fieldset>
      <legend>{label}</legend>
      {keys.map(({ label, text, name }) => (
        <button key={label} type="button" title={name && t(`keyNames.${name}`)} onClick={() => send(text)}>
          {keyName(label)}
        </button>
      ))}
    </fieldset>
  )
  return (
    <>
      <button
        type="button"
        className="icon"
        aria-label={t('sendKeys')}
        title={disabled ?? t('sendKeys')}
        disabled={disabled !== undefined}
        popoverTarget={id}
      >
        <Keyboard size={17} aria-hidden />
      </button>
      <div
        id={id}
        ref={popover}
        popover="auto"
        className={styles.keys}
        role="dialog"
        aria-label={t('sendKeys')}
      >
        {group(t('sendKeys'), controlKeys)}
        {group(t('functionKeys'), functionKeys)}
        {group(t('navigation'), navigationKeys)}
        {sysrq && (
          <fieldset>
            <legend>{t('sysrq')}</legend>
            {sysrqKeys.map((key) => (
              <button
                key={key}
                type="button"
                className={styles.worded}
                onClick={() => send(sysrq.sequence + key)}
              >
                <kbd>{key}</kbd> {t(`sysrqKeys.${key}`)}
              </button>
            ))}
          </fieldset>
        )}
      </div>
    </>
  )
}
