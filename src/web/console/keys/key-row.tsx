import { ChevronDown, ChevronUp } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, useSettings } from '../../settings/settings.ts'
import { useLate } from '../../ui/late.ts'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import type { OpenConsole } from '../use-console.ts'
import { useKeyName } from './key-name.ts'
import styles from './keypad.module.css'
import { arrowKeys } from './keys.ts'
import { ModifierKey, PadKey } from './pad-key.tsx'

/**
 * The keys that a touch screen's keyboard lacks. The most used stand under the terminal of each touch screen; the rest
 * opens below them, or beside the terminal where the page is low, and stays open.
 */
export function KeyRow({ open }: { open: OpenConsole }) {
  const t = useTranslations('console')
  const { keypad } = useSettings()
  const Keypad = useLate(keypad, () => import('./keypad.tsx'))
  const { keyboard } = open.terminal
  const watching = useWatchingWhy(open.session)
  const keyName = useKeyName()
  const key = (label: string, shown: string, press: () => void) => (
    <PadKey key={label} label={keyName(label)} why={watching} press={press}>
      {shown}
    </PadKey>
  )
  return (
    <div className={styles.keys} data-keypad={keypad}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
      <div className={styles.row} role="group" aria-label={t('quickKeys')}>
        {key('Esc', 'Esc', () => open.terminal.typeText('\x1b'))}
        {key('Tab', 'Tab', () => keyboard.press('Tab'))}
        <ModifierKey open={open} modifier="ctrl" label="Ctrl" />
        <ModifierKey open={open} modifier="alt" label="Alt" />
        {key('Ctrl+C', '^C', () => open.terminal.typeText('\x03'))}
        {arrowKeys.map(({ label, key: name, final }) =>
          key(t(`arrows.${final}`), label, () => keyboard.press(name)),
        )}
        <button
          type="button"
          aria-label={t('keyboard.moreKeys')}
          title={t('keyboard.moreKeys')}
          aria-expanded={keypad}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => settings.set({ keypad: !keypad })}
        >
          {keypad ? <ChevronDown size={18} aria-hidden /> : <ChevronUp size={18} aria-hidden />}
        </button>
      </div>
      {Keypad && <Keypad open={open} />}
    </div>
  )
}
