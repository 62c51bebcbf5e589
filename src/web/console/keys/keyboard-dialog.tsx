import { type ReactNode, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { defaultKeyboard, gatewayEscapes, type KeyboardSettings } from '../../settings/keyboard-settings.ts'
import { serverSettings } from '../../settings/server-settings.ts'
import { type Settings, settings } from '../../settings/settings.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import { onMac } from '../platform.ts'
import styles from './keyboard-dialog.module.css'

/** How typing reaches one server: what its machine expects, and what its gateway must not get unasked. */
export default function KeyboardDialog({ serverId, onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('keyboardSettings')
  const [keyboard, setKeyboard] = useState(() => serverSettings.get(serverId).keyboard)
  const [optionKey, setOptionKey] = useState(() => settings.get().optionKey)
  const set = (change: Partial<KeyboardSettings>) => setKeyboard({ ...keyboard, ...change })
  const save = () => {
    serverSettings.set(serverId, { keyboard })
    if (optionKey !== settings.get().optionKey) settings.set({ optionKey })
    onClose()
  }
  return (
    <Dialog
      open
      title={t('title')}
      description={t('about')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={
        <>
          <button type="button" className="button" onClick={() => setKeyboard(defaultKeyboard)}>
            {t('defaults')}
          </button>
          <button type="button" className="button primary" onClick={save}>
            {t('save')}
          </button>
        </>
      }
    >
      <div className={styles.fields}>
        <Choice
          label={t('backspace')}
          value={keyboard.backspace}
          options={{ del: t('backspaces.del'), bs: t('backspaces.bs') }}
          choose={(backspace) => set({ backspace })}
        />
        <Choice
          label={t('enter')}
          value={keyboard.enter}
          options={{ cr: t('enters.cr'), lf: t('enters.lf'), crlf: t('enters.crlf') }}
          choose={(enter) => set({ enter })}
        />
        <Choice
          label={t('functionKeys')}
          value={keyboard.functionKeys}
          options={{
            xterm: t('functions.xterm'),
            vt100: t('functions.vt100'),
            'esc-digit': t('functions.esc-digit'),
          }}
          choose={(functionKeys) => set({ functionKeys })}
        />
        {onMac && (
          <Choice<Settings['optionKey']>
            label={t('option')}
            value={optionKey}
            options={{
              auto: t('options.auto'),
              meta: t('options.meta'),
              characters: t('options.characters'),
            }}
            choose={setOptionKey}
          />
        )}
      </div>
      <div className={styles.switches}>
        <Switch
          label={t('sevenBit')}
          about={t('sevenBitAbout')}
          on={keyboard.sevenBit}
          toggle={() => set({ sevenBit: !keyboard.sevenBit })}
        />
        <Switch
          label={t('localEcho')}
          about={t('localEchoAbout')}
          on={keyboard.localEcho}
          toggle={() => set({ localEcho: !keyboard.localEcho })}
        />
      </div>
      <fieldset className={styles.switches}>
        <legend>{t('guard')}</legend>
        {gatewayEscapes.map((each) => {
          const on = keyboard.guarded.includes(each)
          return (
            <Switch
              key={each}
              label={<kbd>{t(`escapes.${each}.keys`)}</kbd>}
              about={t(`escapes.${each}.about`)}
              on={on}
              toggle={() =>
                set({
                  guarded: gatewayEscapes.filter((one) => keyboard.guarded.includes(one) !== (one === each)),
                })
              }
            />
          )
        })}
      </fieldset>
    </Dialog>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  value: T
  options: Record<T, string>
  choose: (value: T) => void
}

function Choice<T extends string>({ label, value, options, choose }: ChoiceProps<T>) {
  const id = useId()
  const values = Object.keys(options) as T[]
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => {
          const chosen = values.find((each) => each === target.value)
          if (chosen) choose(chosen)
        }}
      >
        {values.map((each) => (
          <option key={each} value={each}>
            {options[each]}
          </option>
        ))}
      </select>
    </>
  )
}

interface SwitchProps {
  label: ReactNode
  about: string
  on: boolean
  toggle: () => void
}

const Switch = ({ label, about, on, toggle }: SwitchProps) => (
  <label>
    <input type="checkbox" checked={on} onChange={toggle} />
    <span>
      {label} <small>{about}</small>
    </span>
  </label>
)
