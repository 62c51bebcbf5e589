import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { summaryQuery } from '../history/queries.ts'
import { recordingsQuery } from '../recordings/queries.ts'
import { formatDuration } from '../ui/duration.ts'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { Moment } from './moment.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'

/** The newest ones; the pages of recordings and of the history have all. */
const FEW = 5

interface OutputProps {
  serverId: string
  /** What is kept here, and what this user may read */
  history: boolean
  recordings: boolean
}

/** What the server has printed, as far as it is kept: the newest boots and recordings. */
export function Output({ serverId, history, recordings }: OutputProps) {
  return (
    <Section id="output">
      <div className={styles.columns}>
        {history && <Boots serverId={serverId} />}
        {recordings && <Recordings serverId={serverId} />}
      </div>
    </Section>
  )
}

function Boots({ serverId }: { serverId: string }) {
  const t = useTranslations('server')
  const ended = useTranslations('history.ended')
  const { data, error, refetch } = useQuery({ ...summaryQuery(serverId), refetchInterval: false })
  return (
    <div>
      <h3>{t('history')}</h3>
      {error !== null && <LoadFailure error={error} onRetry={refetch} />}
      {data && data.lastTime === null && <p className={list.dim}>{t('noHistory')}</p>}
      {data && data.lastTime !== null && (
        <p className={list.dim}>
          {t.rich('historyLast', { time: () => <Moment at={data.lastTime ?? ''} /> })}
        </p>
      )}
      <ul className={styles.links}>
        {data?.boots.slice(0, FEW).map((boot) => (
          <li key={boot.offset}>
            <Link to="/servers/$serverId/history" params={{ serverId }} search={{ from: boot.offset }}>
              {t.rich('boot', { time: () => <Moment at={boot.time} /> })}
            </Link>
            {boot.ended && <span className={list.dim}>{ended(boot.ended)}</span>}
          </li>
        ))}
        <li>
          <Link to="/servers/$serverId/history" params={{ serverId }}>
            {t('allHistory')}
          </Link>
        </li>
      </ul>
    </div>
  )
}

function Recordings({ serverId }: { serverId: string }) {
  const t = useTranslations('server')
  const states = useTranslations('recordings.states')
  const { data, error, refetch } = useQuery(recordingsQuery({ server: serverId, page: 1 }))
  return (
    <div>
      <h3>{t('recordings')}</h3>
      {error !== null && <LoadFailure error={error} onRetry={refetch} />}
      {data?.recordings.length === 0 && <p className={list.dim}>{t('noRecordings')}</p>}
      {data && data.recordings.length > 0 && (
        <ul className={styles.links}>
          {data.recordings.slice(0, FEW).map(({ id, startedAt, startedBy, duration, state }) => (
            <li key={id}>
              <Link to="/recordings/$recordingId" params={{ recordingId: id }}>
                <Moment at={startedAt} />
              </Link>
              <span className={list.dim}>
                {t('recordedBy', { name: startedBy, duration: formatDuration(duration) })}
                {state !== 'complete' && ` · ${states(state)}`}
              </span>
            </li>
          ))}
          <li>
            <Link to="/recordings" search={{ server: serverId }}>
              {t('allRecordings')}
            </Link>
          </li>
        </ul>
      )}
    </div>
  )
}
