import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { serversQuery, useUser } from '../api/queries.ts'
import { Dialog } from '../ui/dialog.tsx'
import type { PowerDesk, Question } from './desk.ts'
import { planOf } from './plan.ts'
import styles from './power.module.css'
import { useLoss } from './use-power-traits.ts'

/** Names the servers that an action is about, those that it leaves out and why, and asks. */
export function AskDialog({ desk, question }: { desk: PowerDesk; question: Question }) {
  const { action } = question
  const t = useTranslations('powering')
  const actions = useTranslations('power.actions')
  const lossOf = useLoss()
  const role = useUser()?.role ?? null
  const { able, skipped } = planOf(useFresh(question.servers), action, role)
  const [only] = able
  const alone = able.length === 1 && skipped.length === 0
  const words = { action: actions(action), count: able.length }
  const title =
    able.length === 0
      ? t('noneAble', words)
      : alone && only
        ? t(action === 'nmi' ? 'askNmi' : 'ask', { ...words, name: only.name })
        : t(action === 'nmi' ? 'askManyNmi' : 'askMany', words)
  return (
    <Dialog
      open
      title={title}
      description={able.length === 0 ? t('noneAbleNext') : lossOf(action)}
      onCancel={() => desk.cancel()}
      onFocus={desk.giveFocus}
      {...(able.length === 0 ? { cancel: t('close') } : {})}
      actions={
        able.length > 0 && (
          <button
            type="button"
            className={`button ${action === 'power-on' ? 'primary' : 'danger'}`}
            onClick={() => desk.begin(action, able)}
          >
            {alone ? words.action : t('doMany', words)}
          </button>
        )
      }
    >
      {!alone && able.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keys, too
        <ul className={styles.names} aria-label={t('servers')} tabIndex={0}>
          {able.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      )}
      {skipped.length > 0 && (
        <section className={styles.skipped}>
          <h3>{t('skipped', { count: skipped.length })}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keys, too */}
          <ul className={styles.names} aria-label={t('skipped', { count: skipped.length })} tabIndex={0}>
            {skipped.map(({ server: { id, name }, why }) => (
              <li key={id}>
                {name} <small>{why === 'role-forbids' ? t('roleForbids') : t(`obstacles.${why}`)}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  )
}

/** The servers as the list has them now: another person may have switched one meanwhile. */
function useFresh(servers: Question['servers']): Question['servers'] {
  const { data } = useQuery({ ...serversQuery(), enabled: false })
  if (!data) return servers
  const known = new Map(data.servers.map((server) => [server.id, server]))
  return servers.map((server) => known.get(server.id) ?? server)
}
