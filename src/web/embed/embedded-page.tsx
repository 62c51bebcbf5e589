import { Info } from 'lucide-react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import consoleStyles from '../console/console.module.css'
import { Words } from '../console/words.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import type { Desk } from './desk.ts'
import styles from './embed.module.css'
import { EmbeddedConsole } from './embedded-console.tsx'

/** The console, or what is in the way of it. */
export function EmbeddedPage({ desk }: { desk: Desk }) {
  const { launch } = desk
  const state = useSyncExternalStore(launch.subscribe, launch.getSnapshot)
  const t = useTranslations('embed')
  const shell = useTranslations('shell')
  switch (state.kind) {
    case 'open':
      return <EmbeddedConsole key={state.opening} desk={desk} />
    case 'waiting':
      return <Antechamber chip={t('waiting')} />
    case 'exchanging':
      return <Antechamber chip={t('opening')} />
    case 'refused': {
      const { failure, ticket } = state
      return (
        <Antechamber>
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
        </Antechamber>
      )
    }
    case 'alone':
      return (
        <Antechamber>
          <Notice title={t('alone.title')} next={t('alone.next')} />
        </Antechamber>
      )
    case 'misplaced':
      return (
        <Antechamber>
          <Notice
            title={t('misplaced.title')}
            next={
              state.origin === null
                ? t('misplaced.nextUnknown')
                : t('misplaced.next', { origin: state.origin })
            }
          />
        </Antechamber>
      )
  }
}

/** The console's frame before there is one. */
function Antechamber({ chip, children }: { chip?: string; children?: ReactNode }) {
  const t = useTranslations('console')
  return (
    <main className={styles.antechamber}>
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

const Notice = (words: { title: string; next: string }) => (
  <div role="alert">
    <Words Icon={Info} tone="info" {...words}>
      {null}
    </Words>
  </div>
)
