import { Link } from '@tanstack/react-router'
import { History, RefreshCw, SquareTerminal } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { type Server, serverCan } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import { useUser } from '../api/queries.ts'
import { InUseMark } from '../in-use/in-use-mark.tsx'
import { ServerPower } from '../power/server-power.tsx'
import { PageStar } from '../preferences/page-star.tsx'
import list from '../ui/list.module.css'
import { statusTones } from '../ui/status-tones.ts'
import { WatchedMark } from '../watch/watched-mark.tsx'
import styles from './server-page.module.css'

interface ServerHeadProps {
  server: Server
  /** What it prints is kept, and this user may read it. */
  history: boolean
  /** null: it is being refreshed. */
  onRefresh: (() => void) | null
}

/** The server's name and state, and what one does with it. */
export function ServerHead({ server, history, onRefresh }: ServerHeadProps) {
  const t = useTranslations('server')
  const statuses = useTranslations('servers.statuses')
  const tasks = useTranslations('power.states')
  const user = useUser()
  const { id, name, status, cloudStatus, power, task } = server
  const console = serverCan.openConsole(server)
  const mayOpen = !user || roleMay(server.role ?? user.role, 'open')
  return (
    <div className={styles.head}>
      <div className={styles.title}>
        <div className={styles.named}>
          <h1 title={name}>{name}</h1>
          <PageStar id={id} name={name} />
        </div>
        <p>
          <span className={list.state} data-tone={statusTones[status]}>
            {cloudStatus ?? statuses(status)}
          </span>
          {power !== 'unknown' && <span>{t(power === 'on' ? 'poweredOn' : 'poweredOff')}</span>}
          {task && task !== status && <span role="status">{tasks(task)}</span>}
          <WatchedMark server={server} />
        </p>
        <p>
          <InUseMark serverId={id} whole />
        </p>
      </div>
      <div className={styles.actions}>
        {console.offered && mayOpen ? (
          <Link to="/servers/$serverId/console" params={{ serverId: id }} className="button primary">
            <SquareTerminal size={15} aria-hidden /> {t('openConsole')}
          </Link>
        ) : (
          <span className={list.dim}>{t(console.offered ? 'mayNotOpen' : 'noConsole')}</span>
        )}
        {history && (
          <Link to="/servers/$serverId/history" params={{ serverId: id }} className="button">
            <History size={15} aria-hidden /> {t('history')}
          </Link>
        )}
        <button
          type="button"
          className="icon"
          disabled={onRefresh === null}
          onClick={() => onRefresh?.()}
          aria-label={t('refresh')}
          title={t('refresh')}
        >
          <RefreshCw size={16} aria-hidden />
        </button>
      </div>
      {console.offered && console.caution && <p className={list.dim}>{t('osUnknown')}</p>}
      <div className={styles.power}>
        <ServerPower server={server} />
      </div>
    </div>
  )
}
