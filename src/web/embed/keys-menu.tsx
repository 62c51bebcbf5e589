import { Keyboard } from 'lucide-react'
import { useId, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { functionNames, type KeyName, navigationNames } from '../console/keys/encode.ts'
import { useKeyName } from '../console/keys/key-name.ts'
import { controlKeys, isGrave, keyLabel, rareControlKeys, sysrqKeys } from '../console/keys/keys.ts'
import { useSysrq } from '../console/keys/sysrq-dialog.tsx'
import type { OpenConsole } from '../console/use-console.ts'
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
export function KeysMenu({ open, disabled }: KeysMenuProps) {
  const { terminal } = open
  const t = useTranslations('console')
  const id = useId()
  const popover = useRef<HTMLDivElement>(null)
  const keyName = useKeyName()
  const sysrq = useSysrq(open)
  /** The popover goes first: it would lie over a question. */
  const choose = (act: () => void) => {
    popover.current?.hidePopover()
    terminal.focus()
    act()
  }
  const group = (label: string, names: readonly KeyName[]) => (
    <fieldset>
      <legend>{label}</legend>
      {names.map((name) => (
        <button key={name} type="button" onClick={() => choose(() => terminal.keyboard.press(name))}>
          {keyName(keyLabel(name))}
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
        <fieldset>
          <legend>{t('sendKeys')}</legend>
          {[...controlKeys, ...rareControlKeys].map(({ label, text, name }) => (
            <button
              key={label}
              type="button"
              title={name && t(`keyNames.${name}`)}
              onClick={() => choose(() => terminal.typeText(text))}
            >
              {keyName(label)}
            </button>
          ))}
        </fieldset>
        {group(t('functionKeys'), functionNames)}
        {group(t('navigation'), navigationNames)}
        {sysrq.choose && (
          <fieldset>
            <legend>{t('sysrq')}</legend>
            {sysrqKeys.map((key) => (
              <button
                key={key}
                type="button"
                className={`${styles.worded} ${isGrave(key) ? styles.grave : ''}`}
                onClick={() => choose(() => sysrq.choose?.(key))}
              >
                <kbd>{key}</kbd> {t(`sysrqKeys.${key}`)}
                {isGrave(key) && '…'}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {sysrq.dialog}
    </>
  )
}
