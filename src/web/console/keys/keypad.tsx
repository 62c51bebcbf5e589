import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFadingEdges } from '../../ui/fading-edges.ts'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import type { OpenConsole } from '../use-console.ts'
import { functionNames, type KeyName, navigationNames } from './encode.ts'
import { useKeyName } from './key-name.ts'
import styles from './keypad.module.css'
import { controlKeys, isGrave, keyLabel, rareControlKeys, symbolKeys, sysrqKeys } from './keys.ts'
import { ModifierKey, PadKey } from './pad-key.tsx'
import { useSysrq, withKeyWords } from './sysrq-dialog.tsx'

/** `^C` */
const caret = (label: string) => label.replace('Ctrl+', '^')

/** All keys that a keyboard lacks, or that the browser takes. It stays open: firmware wants F2 again and again. */
function Keypad({ open }: { open: OpenConsole }) {
  const t = useTranslations('console')
  const own = useTranslations('sendKeys')
  const { terminal } = open
  const { keyboard } = terminal
  const keyName = useKeyName()
  const watching = useWatchingWhy(open.session)
  const sysrq = useSysrq(open)
  const [atSysrq, showSysrq] = useState(false)
  const pad = useRef<HTMLDivElement>(null)
  useFadingEdges(pad, 'y', atSysrq)

  const key = (name: KeyName, shown: string) => {
    const label = keyName(keyLabel(name))
    return (
      <PadKey key={name} label={label} why={watching} press={() => keyboard.press(name)}>
        {shown}
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
      why={watching ?? (sysrq.choose ? undefined : own('noSysrq'))}
      held={atSysrq ? 'locked' : 'off'}
      press={() => {
        showSysrq(!atSysrq)
        pad.current?.scrollTo(0, 0)
      }}
    >
      SysRq
    </PadKey>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div ref={pad} className={styles.pad} role="group" aria-label={t('keyboard.keypad')}>
      {atSysrq && sysrq.choose ? (
        <div className={styles.worded}>
          {toSysrq}
          {sysrqKeys.map((key) => (
            <PadKey
              key={key}
              label={own(`sysrq.${key}`)}
              why={watching}
              grave={isGrave(key)}
              press={() => sysrq.choose?.(key)}
            >
              <kbd>{key}</kbd> {own(`sysrq.${key}`)}
            </PadKey>
          ))}
        </div>
      ) : (
        <>
          <div>{functionNames.map((name) => key(name, name))}</div>
          <div>{navigationNames.map((name) => key(name, t(`keyboard.short.${name}`)))}</div>
          <div>
            <ModifierKey open={open} modifier="shift" label="Shift" shown={t('keyboard.short.Shift')} />
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

export default withKeyWords(Keypad)
