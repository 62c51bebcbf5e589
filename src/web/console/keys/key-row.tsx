import { useTranslations } from 'use-intl'
import styles from '../console.module.css'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import type { OpenConsole } from '../use-console.ts'
import { useKeyName } from './key-name.ts'
import { arrowKeys, touchKeys } from './keys.ts'

/** The keys that a touch screen's keyboard lacks. They stand under the terminal. */
export function KeyRow({ open: { session, terminal } }: { open: OpenConsole }) {
  const t = useTranslations('console')
  const watching = useWatchingWhy(session)
  const keyName = useKeyName()
  const key = (label: string, shown: string, press: () => void) => (
    <button
      key={label}
      type="button"
      aria-label={label}
      title={watching}
      disabled={watching !== undefined}
      // Keeps the focus in the terminal, so that the on-screen keyboard stays open.
      onPointerDown={(event) => event.preventDefault()}
      onClick={press}
    >
      {shown}
    </button>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className={styles.keyRow} role="group" aria-label={t('quickKeys')}>
      {touchKeys.map(({ label, short = label, text }) =>
        key(keyName(label), short, () => session.sendText(text)),
      )}
      {arrowKeys.map(({ label, final }) =>
        // A full-screen program may switch the arrows to their application form (DECCKM).
        key(t(`arrows.${final}`), label, () =>
          session.sendText(`\x1b${terminal.applicationCursorKeys ? 'O' : '['}${final}`),
        ),
      )}
    </div>
  )
}
