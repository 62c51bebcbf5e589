import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ServerActivity } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { NowHere } from './now-here.tsx'
import { PowerHistory } from './power-history.tsx'
import { activityQuery } from './queries.ts'
import { Section } from './section.tsx'
import styles from './server-page.module.css'
import { Visits } from './visits.tsx'

/** How many are shown, and how many after a press or two. The server gives no more. */
const STEPS = [10, 50, 500] as const

interface ActivityProps {
  serverId: string
  /** May open the audit log, which has the rest */
  audit: boolean
}

/** Who is and was at the console, and who switched the power. */
export function Activity({ serverId, audit, state }: ActivityProps & { state: string }) {
  const [step, setStep] = useState(0)
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    activityQuery(serverId, STEPS[step] ?? 500),
  )
  // Who switched the power wants to see it in the history.
  const seen = useRef(state)
  useEffect(() => {
    if (state !== seen.current) void refetch()
    seen.current = state
  }, [state, refetch])
  const more = (there: boolean) =>
    there && (
      <More
        serverId={serverId}
        audit={audit}
        busy={isPlaceholderData}
        onMore={step < STEPS.length - 1 ? () => setStep(step + 1) : null}
      />
    )
  const failed = error !== null && <LoadFailure error={error} onRetry={refetch} />
  return (
    <>
      <Section id="console">
        {failed}
        {isPending && <Waiting />}
        {data && (
          <>
            <NowHere open={data.open} />
            <Visits visits={data.visits} kept={data.kept !== null} />
            {more(data.moreVisits)}
            <Remarks data={data} />
          </>
        )}
      </Section>
      <Section id="power">
        {failed}
        {isPending && <Waiting />}
        {data && (
          <>
            <PowerHistory events={data.power} kept={data.kept !== null} />
            {more(data.morePower)}
            <Gaps data={data} />
          </>
        )}
      </Section>
    </>
  )
}

function Waiting() {
  const t = useTranslations('server')
  return (
    <div className={styles.waiting} role="status">
      <span className="unseen">{t('loading')}</span>
      <span className="skeleton" />
      <span className="skeleton" />
      <span className="skeleton" />
    </div>
  )
}

interface MoreProps extends ActivityProps {
  busy: boolean
  /** null: the server gives no more. */
  onMore: (() => void) | null
}

function More({ serverId, audit, busy, onMore }: MoreProps) {
  const t = useTranslations('server')
  if (onMore)
    return (
      <p>
        <button type="button" className="button" disabled={busy} onClick={onMore}>
          {t('more')}
        </button>
      </p>
    )
  return (
    <p className={list.dim}>
      {audit ? (
        <Link to="/audit" search={{ server: serverId }}>
          {t('olderInAudit')}
        </Link>
      ) : (
        t('olderExist')
      )}
    </p>
  )
}

function Remarks({ data }: { data: ServerActivity }) {
  const t = useTranslations('server')
  return (
    <>
      <Gaps data={data} />
      {data.kept === 'memory' && <p className={list.dim}>{t('auditMemory')}</p>}
    </>
  )
}

/** Says what the lists lack: nobody may take a gap for quiet. */
function Gaps({ data }: { data: ServerActivity }) {
  const t = useTranslations('server')
  return (
    <>
      {data.lost > 0 && (
        <p className="notice" data-tone="warn">
          {t('lost', { count: data.lost })}
        </p>
      )}
      {!data.complete && (
        <p className="notice" data-tone="warn">
          {t('incomplete')}
        </p>
      )}
      {data.away && (
        <p className="notice" data-tone="warn">
          {t('away')}
        </p>
      )}
    </>
  )
}
