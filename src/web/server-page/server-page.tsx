import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import type { DescribedDetail, ServerFacts } from '../../shared/server-facts.ts'
import { type Permission, userMay } from '../../shared/user.ts'
import { failureOf } from '../api/client.ts'
import { aboutQuery, serverAnew, serverQuery, useUser } from '../api/queries.ts'
import { InUseMark } from '../in-use/in-use-mark.tsx'
import FailurePicture from '../ui/failure-picture.tsx'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { PageHeader } from '../user/page-header.tsx'
import { Activity } from './activity.tsx'
import { Calls } from './calls.tsx'
import { Disks } from './disks.tsx'
import { FactList } from './fact-list.tsx'
import { hasMetadata, Metadata } from './metadata.tsx'
import { Moment } from './moment.tsx'
import { Network } from './network.tsx'
import { isLasting, NoServer } from './no-server.tsx'
import { Output } from './output.tsx'
import { describedQuery } from './queries.ts'
import { Section, type SectionId, SectionNav, sections } from './section.tsx'
import { ServerHead } from './server-head.tsx'
import styles from './server-page.module.css'
import { useAnchor } from './use-anchor.ts'
import { useAttachments } from './use-attachments.ts'
import { useFacts } from './use-facts.ts'

/** All that is known of one server: what the cloud says, who is and was at its console, and what it printed. */
export function ServerPage({ serverId }: { serverId: string }) {
  const t = useTranslations('server')
  const client = useQueryClient()
  const { data, error, isPending, isFetching, refetch } = useQuery(describedQuery(serverId))
  // A power action follows the server by itself, so its state may be newer.
  const { data: newest } = useQuery({ ...serverQuery(serverId), enabled: data !== undefined })
  const server = newest ?? data?.server
  const failure = error === null ? null : failureOf(error)
  const name = server?.name ?? serverId
  useAnchor(data !== undefined)
  useEffect(() => {
    document.title = `${name} · BMS Console`
  }, [name])
  return (
    <>
      <PageHeader />
      <main className={`${list.main} ${styles.main}`} id="content">
        {failure && isLasting(failure) && <NoServer serverId={serverId} failure={failure} />}
        {failure && !isLasting(failure) && (
          <>
            {!data && (
              <div className={styles.title}>
                <h1 title={serverId}>{serverId}</h1>
              </div>
            )}
            <LoadFailure error={error} onRetry={refetch} />
            {!data && <FailurePicture error={error} />}
            {data && <p className={list.dim}>{t('stale')}</p>}
          </>
        )}
        {isPending && <Loading />}
        {data && server && !(failure && isLasting(failure)) && (
          <Described
            detail={data}
            server={server}
            onRefresh={isFetching ? null : () => void serverAnew(client, serverId)}
          />
        )}
      </main>
    </>
  )
}

interface DescribedProps {
  detail: DescribedDetail
  server: Server
  /** null: it is being refreshed. */
  onRefresh: (() => void) | null
}

function Described({ detail: { facts, call }, server, onRefresh }: DescribedProps) {
  const t = useTranslations('server')
  const { overview, placement } = useFacts()
  const attachments = useAttachments(server.id, facts !== undefined)
  const { data: about } = useQuery(aboutQuery())
  const user = useUser()
  const may = (permission: Permission) =>
    user !== undefined && userMay({ ...user, role: server.role ?? user.role }, permission)
  const history = about?.log === true && may('read-log')
  const recordings = about !== undefined && about.recordings !== 'off' && may('read-recordings')
  const activity = may('read-console-history')
  const places = placement(server, facts)
  const there: Record<SectionId, boolean> = {
    overview: true,
    placement: places.length > 0,
    network:
      server.addresses.length > 0 ||
      (facts?.securityGroups.length ?? 0) > 0 ||
      (attachments.nics?.length ?? 0) > 0,
    disks: facts !== undefined,
    metadata: hasMetadata(server, facts),
    console: true,
    power: activity,
    output: history || recordings,
    api: call !== undefined,
  }
  return (
    <>
      <ServerHead server={server} history={history} onRefresh={onRefresh} />
      {facts?.fault && <Fault fault={facts.fault} />}
      <div className={styles.body}>
        <SectionNav shown={sections.filter((id) => there[id])} />
        <div className={styles.sections}>
          <Section id="overview">
            <FactList facts={overview(server, facts)} />
          </Section>
          {there.placement && (
            <Section id="placement">
              <FactList facts={places} />
            </Section>
          )}
          {there.network && <Network server={server} facts={facts} attachments={attachments} />}
          {facts && <Disks facts={facts} attachments={attachments} />}
          {there.metadata && <Metadata server={server} facts={facts} />}
          {activity ? (
            <Activity
              serverId={server.id}
              audit={may('read-audit')}
              state={`${server.power} ${server.task}`}
            />
          ) : (
            <Section id="console">
              <p>
                <InUseMark serverId={server.id} />
              </p>
              {user && <p className={list.dim}>{t('mayNotReadVisits')}</p>}
            </Section>
          )}
          {there.output && <Output serverId={server.id} history={history} recordings={recordings} />}
          {call && <Calls call={call} serverId={server.id} />}
        </div>
      </div>
    </>
  )
}

/** What went wrong with the server, in the cloud's own words. */
function Fault({ fault }: { fault: NonNullable<ServerFacts['fault']> }) {
  const t = useTranslations('server')
  const shell = useTranslations('shell')
  return (
    <div className="notice" data-tone="bad">
      <CircleAlert size={18} aria-hidden />
      <div role="alert">
        <h2>{t('fault')}</h2>
        <p>{fault.message}</p>
      </div>
      <div className="actions">
        <span className={list.dim}>
          {fault.code !== undefined && t('faultCode', { code: String(fault.code) })}{' '}
          {fault.at && <Moment at={fault.at} />}
        </span>
      </div>
      {fault.details && (
        <details>
          <summary>{shell('detail')}</summary>
          <pre className={styles.details}>{fault.details}</pre>
        </details>
      )}
    </div>
  )
}

/** Holds the page's shape until the cloud has answered. */
function Loading() {
  const t = useTranslations('server')
  return (
    <div className={styles.loading} role="status">
      <h1 className="unseen">{t('loading')}</h1>
      <span className="skeleton" />
      {Array.from({ length: 9 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other key
        <span key={index} className="skeleton" />
      ))}
    </div>
  )
}
