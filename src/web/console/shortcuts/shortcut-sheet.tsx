import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import { useKeyName } from '../keys/key-name.ts'
import styles from './shortcuts.module.css'
import { shortcuts } from './shortcuts.ts'

/** Names every key that the page keeps for itself. All others are the server's. */
export default function ShortcutSheet({ onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('shortcuts')
  return (
    <Dialog
      open
      title={t('title')}
      description={t('about')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={null}
      cancel={t('close')}
    >
      {(['terminal', 'page'] as const).map((where) => (
        <section key={where} className={styles.group} aria-label={t(`where.${where}`)}>
          <h3>{t(`where.${where}`)}</h3>
          <dl>
            {shortcuts
              .filter((shortcut) => shortcut.where === where)
              .map(({ id, keys }) => (
                <div key={id}>
                  <dt>{t(`does.${id}`)}</dt>
                  <dd>
                    {keys.map((each, index) => (
                      <Fragment key={each}>
                        {index > 0 && <span>{t('or')}</span>}
                        <Keys keys={each} />
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}

/** Keys that are held together, each in its cap. */
function Keys({ keys }: { keys: string }) {
  const keyName = useKeyName()
  // A plus may be a key itself: "Ctrl++".
  const caps = keys.split(/\+(?=.)/).flatMap((cap) => (cap.startsWith('⌘') ? ['⌘', cap.slice(1)] : [cap]))
  return (
    <kbd className={styles.keys}>
      {caps.map((cap) => (
        <kbd key={cap}>{keyName(cap)}</kbd>
      ))}
    </kbd>
  )
}
