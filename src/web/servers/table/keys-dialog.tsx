import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { enList } from '../../locales/en-list.ts'
import { MoreWords } from '../../locales/more-words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './keys-dialog.module.css'

/** What the keys of `keys.ts` do, and those of the page around the list */
const keys = [
  ['search', '/'],
  ['results', '↓', 'Enter'],
  ['next', 'j', '↓'],
  ['previous', 'k', '↑'],
  ['page', 'Page Up', 'Page Down'],
  ['first', 'g g', 'Home'],
  ['last', 'G', 'End'],
  ['open', 'Enter'],
  ['select', 'x', 'Space'],
  ['range', 'Shift+x', 'Shift+Space'],
  ['all', 'Ctrl+A'],
  ['clear', 'Esc'],
  ['favourite', 'f'],
  ['order', 'a'],
  ['help', '?'],
] as const

/** Names every key of the list. */
export default function KeysDialog(props: { onClose: () => void }) {
  return (
    <MoreWords english={{ list: enList }}>
      <Sheet {...props} />
    </MoreWords>
  )
}

function Sheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations('list')
  return (
    <Dialog
      open
      title={t('keys')}
      description={t('keysAbout')}
      onCancel={onClose}
      actions={null}
      cancel={t('close')}
    >
      <dl className={styles.keys}>
        {keys.map(([does, ...caps]) => (
          <div key={does}>
            <dt>{t(`does.${does}`)}</dt>
            <dd>
              {caps.map((cap, index) => (
                <Fragment key={cap}>
                  {index > 0 && <span>{t('or')}</span>}
                  <kbd>{cap}</kbd>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
