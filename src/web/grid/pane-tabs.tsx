import { useQuery } from '@tanstack/react-query'
import type { KeyboardEvent } from 'react'
import { useTranslations } from 'use-intl'
import { serverQuery } from '../api/queries.ts'
import { badgeOf, type LineStatus } from '../console/session/line-status.ts'
import styles from './grid.module.css'

interface PaneTabsProps {
  servers: readonly string[]
  front: string | null
  statusOf: (serverId: string) => LineStatus | null
  /** @param byKey the focus stays on the tab */
  onFront: (serverId: string, byKey: boolean) => void
}

/** The consoles as tabs. The arrow keys choose, and Enter goes into the terminal. */
export function PaneTabs({ servers, front, statusOf, onFront }: PaneTabsProps) {
  const t = useTranslations('consoles')
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = servers.indexOf(front ?? '')
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: servers.length - 1 }[event.key]
    const id = to === undefined ? undefined : servers[(to + servers.length) % servers.length]
    if (id === undefined) return
    event.preventDefault()
    onFront(id, true)
    event.currentTarget.querySelector<HTMLElement>(`#tab-${id}`)?.focus()
  }
  return (
    <div className={styles.tabs} role="tablist" aria-label={t('title')} onKeyDown={onKeyDown}>
      {servers.map((id) => (
        <Tab
          key={id}
          serverId={id}
          front={id === front}
          status={statusOf(id)}
          onFront={() => onFront(id, false)}
        />
      ))}
    </div>
  )
}

interface TabProps {
  serverId: string
  front: boolean
  status: LineStatus | null
  onFront: () => void
}

function Tab({ serverId, front, status, onFront }: TabProps) {
  const t = useTranslations('console')
  const { data: server } = useQuery(serverQuery(serverId))
  const badge = status && badgeOf(status)
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${serverId}`}
      className={styles.tab}
      aria-selected={front}
      aria-controls={`pane-${serverId}`}
      tabIndex={front ? 0 : -1}
      title={server?.name ?? serverId}
      onClick={onFront}
    >
      <i data-state={badge} data-failed={status?.kind === 'failed'} aria-hidden />
      <span>{server?.name ?? serverId}</span>
      {badge && <small>{t(badge)}</small>}
    </button>
  )
}
