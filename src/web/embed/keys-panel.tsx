import { useTranslations } from 'use-intl'
import { functionNames, type KeyName, navigationNames } from '../console/keys/encode.ts'
import { useKeyName } from '../console/keys/key-name.ts'
import { controlKeys, isGrave, keyLabel, rareControlKeys, sysrqKeys } from '../console/keys/keys.ts'
import { useSysrq, withKeyWords } from '../console/keys/sysrq-dialog.tsx'
import styles from './embed.module.css'
import type { PanelProps } from './popover-button.tsx'

/** Buttons for keys that a keyboard lacks, or that the browser would take for itself. */
function KeysPanel({ open, choose }: PanelProps) {
  const { terminal } = open
  const t = useTranslations('console')
  const own = useTranslations('sendKeys')
  const keyName = useKeyName()
  const sysrq = useSysrq(open)
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
      <fieldset>
        <legend>{t('sendKeys')}</legend>
        {[...controlKeys, ...rareControlKeys].map(({ label, text, name }) => (
          <button
            key={label}
            type="button"
            title={name && own(`names.${name}`)}
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
              <kbd>{key}</kbd> {own(`sysrq.${key}`)}
            </button>
          ))}
        </fieldset>
      )}
      {sysrq.dialog}
    </>
  )
}

export default withKeyWords(KeysPanel)
