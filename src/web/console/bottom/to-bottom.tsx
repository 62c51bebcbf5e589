import { ArrowDownToLine } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { keepFocus } from '../bar/bar-button.tsx'
import { useShortcutKeys, withKeys } from '../shortcuts/use-shortcut-keys.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './bottom.module.css'
import { NewLines } from './new-lines.ts'

/** Leads back to the last line, and says how much came meanwhile. */
export function ToBottom({ terminal }: { terminal: ConsoleTerminal }) {
  const t = useTranslations('bottom')
  const keysOf = useShortcutKeys()
  const [lines] = useState(() => new NewLines(terminal.view))
  const count = useSyncExternalStore(lines.subscribe, lines.getCount)
  if (count === null) return null
  return (
    <button
      type="button"
      className={`button ${styles.toBottom}`}
      title={withKeys(t('jump'), keysOf('bottom'))}
      onMouseDown={keepFocus}
      onClick={() => {
        terminal.toBottom()
        terminal.focus()
      }}
    >
      <ArrowDownToLine size={15} aria-hidden />
      {count === 0 ? t('jump') : t('lines', { count })}
    </button>
  )
}
