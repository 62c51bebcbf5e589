import { useQuery } from '@tanstack/react-query'
import { Keyboard } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { serverQuery } from '../api/queries.ts'
import { badgeOf, type LineStatus } from '../console/session/line-status.ts'
import { useFadingEdges } from '../ui/fading-edges.ts'
import styles from './grid.module.css'

interface PaneTabsProps {
  servers: readonly string[]
  front: string | null
  /** Those that keys typed to several go to */
  takes: ReadonlySet<string> | null
  statusOf: (serverId: string) => LineStatus | null
  /** @param byKey the focus stays on the tab */
  onFront: (serverId: string, byKey: boolean) => void
}

/** The consoles as tabs. The arrow keys choose, and Enter goes into the terminal. */
export function PaneTabs({ servers, front, takes, statusOf, onFront }: PaneTabsProps) {
  const t = useTranslations('consoles')
  const list = useRef<HTMLDivElement>(null)
  useFadingEdges(list, 'x', servers)
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
    <div ref={list} className={styles.tabs} role="tablist" aria-label={t('title')} onKeyDown={onKeyDown}>
      {servers.map((id) => (
        <Tab
          key={id}
          serverId={id}
          front={id === front}
          takes={takes?.has(id) ?? false}
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
  takes: boolean
  status: LineStatus | null
  onFront: () => void
}

function Tab({ serverId, front, takes, status, onFront }: TabProps) {
  const t = useTranslations('console')
  const words = useTranslations('consoles')
  const { data: server } = useQuery(serverQuery(serverId))
  const badge = status && badgeOf(status)
  const tab = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (front) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [front])
  return (
    <button
      type="button"
      ref={tab}
      role="tab"
      id={`tab-${serverId}`}
      className={styles.tab}
      data-takes={takes}
      aria-selected={front}
      aria-controls={`pane-${serverId}`}
      tabIndex={front ? 0 : -1}
      title={server?.name ?? serverId}
      onClick={onFront}
    >
      {takes && <Keyboard size={14} aria-label={words('takes')} />}
      <i data-state={badge} data-failed={badge === 'ended' && status?.kind === 'failed'} aria-hidden />
      <span>{server?.name ?? serverId}</span>
      {badge && <small>{t(badge)}</small>}
    </button>
  )
}
