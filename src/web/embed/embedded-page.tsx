import { Info } from 'lucide-react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { Anew } from '../console/again.tsx'
import consoleStyles from '../console/console.module.css'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './embed.module.css'
import { EmbeddedConsole } from './embedded-console.tsx'
import type { HostLink } from './host-link.ts'

/** The console, or why there is none yet. */
export function EmbeddedPage({ hostLink }: { hostLink: HostLink }) {
  const { launch } = hostLink
  const state = useSyncExternalStore(launch.subscribe, launch.getSnapshot)
  const t = useTranslations('embed')
  const shell = useTranslations('shell')
  switch (state.kind) {
    case 'open':
      return (
        <Anew key={state.opening}>
          <EmbeddedConsole hostLink={hostLink} />
        </Anew>
      )
    case 'waiting':
      return <LaunchScreen chip={t('waiting')} />
    case 'exchanging':
      return <LaunchScreen chip={t('opening')} />
    case 'refused': {
      const { failure, ticket } = state
      return (
        <LaunchScreen>
          <FailureNotice
            failure={failure}
            actions={
              ticket !== null && (
                <button type="button" className="button" onClick={() => void launch.launch(ticket)}>
                  {shell('tryAgain')}
                </button>
              )
            }
          />
        </LaunchScreen>
      )
    }
    case 'alone':
      return (
        <LaunchScreen>
          <Problem title={t('alone.title')} next={t('alone.next')} />
        </LaunchScreen>
      )
    case 'misplaced':
      return (
        <LaunchScreen>
          <Problem
            title={t('misplaced.title')}
            next={
              state.origin === null
                ? t('misplaced.nextUnknown')
                : t('misplaced.next', { origin: state.origin })
            }
          />
        </LaunchScreen>
      )
  }
}

/** The page before there is a console: a badge while it waits, or what is wrong. */
function LaunchScreen({ chip, children }: { chip?: string; children?: ReactNode }) {
  const t = useTranslations('console')
  return (
    <main className={styles.launch}>
      <h1 className="unseen">{t('terminal')}</h1>
      {chip && (
        <p role="status" className={consoleStyles.state} data-state="opening">
          {chip}
        </p>
      )}
      {children && <div className={styles.words}>{children}</div>}
    </main>
  )
}

const Problem = (words: { title: string; next: string }) => (
  <div role="alert">
    <Notice Icon={Info} tone="info" {...words} />
  </div>
)
