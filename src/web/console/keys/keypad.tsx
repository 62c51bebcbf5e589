import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import type { OpenConsole } from '../use-console.ts'
import { functionNames, type KeyName, navigationNames } from './encode.ts'
import { useKeyName } from './key-name.ts'
import styles from './keypad.module.css'
import { controlKeys, isGrave, keyLabel, rareControlKeys, symbolKeys, sysrqKeys } from './keys.ts'
import { ModifierKey, PadKey } from './pad-key.tsx'
import { useSysrq } from './sysrq-dialog.tsx'

const short: Partial<Record<KeyName, string>> = {
  Insert: 'Ins',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
}

/** `^C` */
const caret = (label: string) => label.replace('Ctrl+', '^')

/** All keys that a keyboard lacks, or that the browser takes. It stays open: firmware wants F2 again and again. */
export default function Keypad({ open }: { open: OpenConsole }) {
  const t = useTranslations('console')
  const { terminal } = open
  const { keyboard } = terminal
  const keyName = useKeyName()
  const watching = useWatchingWhy(open.session)
  const sysrq = useSysrq(open)
  const [atSysrq, showSysrq] = useState(false)

  const named = (name: KeyName) => {
    const label = keyName(keyLabel(name))
    return (
      <PadKey key={name} label={label} why={watching} press={() => keyboard.press(name)}>
        {label === keyLabel(name) ? (short[name] ?? label) : label}
      </PadKey>
    )
  }
  const text = (label: string, shown: string, sent: string) => (
    <PadKey key={label} label={keyName(label)} why={watching} press={() => terminal.typeText(sent)}>
      {shown}
    </PadKey>
  )
  const toSysrq = (
    <PadKey
      label={t('sysrq')}
      why={watching ?? (sysrq.choose ? undefined : t('sysrqNone'))}
      held={atSysrq ? 'locked' : 'off'}
      press={() => showSysrq(!atSysrq)}
    >
      SysRq
    </PadKey>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className={styles.pad} role="group" aria-label={t('keyboard.keypad')}>
      {atSysrq && sysrq.choose ? (
        <div className={styles.worded}>
          {toSysrq}
          {sysrqKeys.map((key) => (
            <PadKey
              key={key}
              label={`${t(`sysrqKeys.${key}`)}${isGrave(key) ? '…' : ''}`}
              why={watching}
              grave={isGrave(key)}
              press={() => sysrq.choose?.(key)}
            >
              <kbd>{key}</kbd> {t(`sysrqKeys.${key}`)}
              {isGrave(key) && '…'}
            </PadKey>
          ))}
        </div>
      ) : (
        <>
          <div>{functionNames.map(named)}</div>
          <div>{navigationNames.map(named)}</div>
          <div>
            <ModifierKey open={open} modifier="shift" label="Shift" />
            {symbolKeys.map((symbol) => text(symbol, symbol, symbol))}
            {toSysrq}
          </div>
          <div>
            {[...controlKeys, ...rareControlKeys]
              .filter(({ label }) => label !== 'Esc' && label !== 'Ctrl+C')
              .map(({ label, text: sent }) => text(label, caret(label), sent))}
          </div>
        </>
      )}
      {sysrq.dialog}
    </div>
  )
}
