import { useTranslations } from 'use-intl'
import type { Cause, Failure } from '../../shared/cause.ts'
import { Picture } from '../ui/picture.tsx'
import { ListLink } from '../user/list-link.tsx'
import styles from './server-page.module.css'

/** Trying again brings the same answer. */
const kinds = {
  'server-not-found': 'notFound',
  'bad-request': 'notFound',
  'no-permission': 'forbidden',
  'role-forbids': 'forbidden',
  'no-role': 'forbidden',
} as const satisfies Partial<Record<Cause, string>>

const kindOf = (cause: Cause) => Object.entries(kinds).find(([each]) => each === cause)?.[1] ?? null

/** Whether the page has nothing to show, and will not have it by asking again. */
export const isLasting = ({ cause }: Failure): boolean => kindOf(cause) !== null

/** In place of a server that is not there, or that this user may not see. */
export function NoServer({ serverId, failure }: { serverId: string; failure: Failure }) {
  const t = useTranslations('server')
  const shell = useTranslations('shell')
  const kind = kindOf(failure.cause) ?? 'notFound'
  return (
    <div className="empty" role="alert">
      <Picture name={kind === 'notFound' ? 'gone' : 'locked'} />
      <h1>{t(`none.${kind}.title`)}</h1>
      <p>{t(`none.${kind}.next`)}</p>
      <p className={styles.mono}>{serverId}</p>
      {failure.permission && <p>{shell('permission', { permission: failure.permission })}</p>}
      <ListLink className="button">{shell('toList')}</ListLink>
      {failure.detail && (
        <details>
          <summary>{shell('detail')}</summary>
          <code>{failure.detail}</code>
        </details>
      )}
    </div>
  )
}
