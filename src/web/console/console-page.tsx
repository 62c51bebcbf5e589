import '@xterm/xterm/css/xterm.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { serverQuery } from '../api/queries.ts'
import { useResolvedTheme, useSettings } from '../settings/settings.ts'
import styles from './console.module.css'
import { LinkDialog } from './link-dialog.tsx'
import type { PreparedPaste } from './paste/paste.ts'
import { PasteDialog, type PasteRequest } from './paste-dialog.tsx'
import { StateBadge } from './state-badge.tsx'
import { StateNotice } from './state-notice.tsx'
import { themes } from './terminal/themes.ts'
import { Toolbar } from './toolbar.tsx'
import { type ConsoleCallbacks, type OpenConsole, useConsole, useSession } from './use-console.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** A server's serial console: the terminal, what the line is doing, and what can be done about it. */
export default function ConsolePage({ serverId }: { serverId: string }) {
  const t = useTranslations('console')
  const { data } = useQuery(serverQuery(serverId))
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const callbacks = useRef<ConsoleCallbacks>({ onLink: setLink, seamText: () => '' })
  callbacks.current = {
    onLink: setLink,
    seamText: ({ from, to }) => t('seam', { duration: spokenDuration(to - from, t) }),
  }
  const open = useConsole(serverId, host, callbacks)
  const name = data?.server.name ?? serverId

  useEffect(() => {
    document.title = `${name} · BMS Console`
  }, [name])

  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Link to="/" className={styles.back} aria-label={t('back')} title={t('back')}>
          <ArrowLeft size={18} aria-hidden />
        </Link>
        <div className={styles.identity}>
          <h1>{name}</h1>
          <p>{data ? describe(data.server.os.image, data.server.zone) : ' '}</p>
        </div>
        {open && <LiveBar open={open} serverName={name} onLeave={callbacks} />}
      </header>
      <main className={styles.main}>
        <div className={styles.terminal} ref={host} data-testid="terminal" />
        {open && <Overlay open={open} serverName={name} />}
      </main>
      <footer className={styles.foot}>
        <span>{t('leaveHint')}</span>
        <span className={styles.footWide}>{t('copyPasteHint')}</span>
      </footer>
      <LinkDialog
        url={link}
        onClose={() => {
          setLink(null)
          open?.terminal.focus()
        }}
      />
    </div>
  )
}
