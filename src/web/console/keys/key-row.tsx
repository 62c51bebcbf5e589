import { useTranslations } from 'use-intl'
import styles from '../console.module.css'
import type { OpenConsole } from '../use-console.ts'
import { arrowKeys, type SendableKey, touchKeys } from './keys.ts'

/** Under the terminal on a touch screen: the keys that its keyboard lacks. */
export function KeyRow({ open: { session, terminal } }: { open: OpenConsole }) {
  const t = useTranslations('console')
  const key = ({ label, text }: SendableKey) => (
    <button
      key={label}
      type="button"
      // The focus stays in the terminal, and the screen's keyboard where it is.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => session.sendText(text)}
    >
      {label}
    </button>
  )
  return (
    <div className={styles.keyRow} role="toolbar" aria-label={t('quickKeys')}>
      {touchKeys.map(key)}
      {arrowKeys.map(({ label, final }) => (
        <button
          key={final}
          type="button"
          aria-label={t(`arrows.${final}`)}
          onPointerDown={(event) => event.preventDefault()}
          // A full-screen program switches the arrows to their application form (DECCKM).
          onClick={() => session.sendText(`\x1b${terminal.applicationCursorKeys ? 'O' : '['}${final}`)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
