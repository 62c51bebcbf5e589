import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { part } from '../../ui/part.tsx'
import styles from '../console.module.css'
import { hasKeyboard } from '../session/viewers.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import { Viewers } from './viewers.tsx'
import type { EndDialogProps } from './viewers-menu.tsx'

const EndDialog = part<EndDialogProps>(() =>
  import('./viewers-menu.tsx').then(({ EndDialog }) => ({ default: EndDialog })),
)

/** Shows in the bar that the line is recorded, and who else is on it. */
export function Sharing({ open, name }: { open: OpenConsole; name: string }) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const { viewers, recording } = useSession(session)
  const [ending, setEnding] = useState(false)
  // Also for a single viewer while nobody has the keyboard: the menu is where it is taken.
  const shared = viewers !== null && (viewers.all.length > 1 || !hasKeyboard(viewers)) ? viewers : null
  return (
    <>
      {(shared || recording?.on) && (
        <div className={styles.marks}>
          {recording?.on && (
            <span className={styles.recording} title={t('recordingTitle')}>
              <span>{t('recording')}</span>
            </span>
          )}
          {shared && (
            <Viewers
              session={session}
              viewers={shared}
              onEnd={() => setEnding(true)}
              onFocus={() => terminal.focus()}
            />
          )}
        </div>
      )}
      {ending && viewers && (
        <EndDialog
          name={name}
          others={viewers.all.length - 1}
          onCancel={() => setEnding(false)}
          onConfirm={() => {
            setEnding(false)
            session.endForAll()
          }}
          onFocus={() => terminal.focus()}
        />
      )}
    </>
  )
}
