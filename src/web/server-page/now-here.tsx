import { Eye, Keyboard } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { ServerActivity } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import styles from './server-page.module.css'

/** Whether the console is open here, and each who is at it. */
export function NowHere({ open }: { open: ServerActivity['open'] }) {
  const t = useTranslations('server')
  const duration = useRoundDuration()
  if (!open)
    return (
      <p>
        {t('notOpen')} <span className={list.dim}>{t('unseen')}</span>
      </p>
    )
  return (
    <div className={styles.now}>
      <p className={list.state} data-tone="ok">
        {t('openFor', { time: duration(open.openMs) })}
        {open.watched && <span className={list.dim}>{t('heldOpen')}</span>}
      </p>
      {open.viewers.length === 0 ? (
        <p className={list.dim}>{t('nobodyThere')}</p>
      ) : (
        <ul>
          {open.viewers.map(({ name, writer, hereMs }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a person may be there several times
            <li key={index}>
              {writer ? <Keyboard size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
              <strong>{name}</strong>
              <span>{t(writer ? 'hasKeyboard' : 'watches')}</span>
              <span className={list.dim}>{t('hereFor', { time: duration(hereMs) })}</span>
            </li>
          ))}
        </ul>
      )}
      <p className={list.dim}>{t('unseen')}</p>
    </div>
  )
}
