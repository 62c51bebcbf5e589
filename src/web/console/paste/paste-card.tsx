import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { formatDuration } from '../../ui/duration.ts'
import styles from '../console.module.css'
import { keyObstacle } from '../session/line-status.ts'
import { type OpenConsole, useLineStatus, useSession } from '../use-console.ts'
import type { PasteState } from './paste-job.ts'

/** A shorter paste is over before anybody could read about it. */
const SHORTEST_MS = 1_000

type Typing = Extract<PasteState, { kind: 'typing' }>
type Stopped = Extract<PasteState, { kind: 'stopped' }>

/** Says how far a long paste is, or where it stopped, and has the buttons for it. It lies over the terminal's corner. */
export function PasteCard({ open }: { open: OpenConsole }) {
  const t = useTranslations('console.pasting')
  const { paste } = useSession(open.session)
  const shown = shownOf(paste)
  const title = shown && t(shown.kind === 'typing' ? 'typing' : `stopped.${shown.why}`)
  return (
    <>
      <p role="status" className="unseen">
        {title}
      </p>
      {shown && (
        <Card open={open} title={title} paste={shown}>
          {shown.kind === 'typing' ? <Cancel open={open} /> : <GoOn open={open} paste={shown} />}
        </Card>
      )}
    </>
  )
}

function shownOf(paste: PasteState | null): Typing | Stopped | null {
  switch (paste?.kind) {
    case 'typing':
      return paste.msTaken + paste.msLeft >= SHORTEST_MS ? paste : null
    case 'stopped':
      return paste
    case 'cancelled':
    case undefined:
      return null
  }
}

interface CardProps {
  open: OpenConsole
  title: string | null
  paste: Typing | Stopped
  children: ReactNode
}

function Card({ open: { terminal }, title, paste, children }: CardProps) {
  const t = useTranslations('console.pasting')
  const card = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const shown = card.current
    // A paste ends by itself. Who had its button in focus types on in the terminal.
    return () => {
      if (shown?.contains(document.activeElement)) terminal.focus()
    }
  }, [terminal])
  const progress = t('progress', { sent: paste.sent, total: paste.total })
  const left = paste.kind === 'typing' && t('left', { time: formatDuration(Math.ceil(paste.msLeft / 1000)) })
  return (
    <section ref={card} className={styles.paste} aria-label={t('title')}>
      <h2>{title}</h2>
      <progress
        value={paste.sent}
        max={paste.total}
        aria-label={t('title')}
        aria-valuetext={left ? `${progress}, ${left}` : progress}
      />
      <p>
        <span>{progress}</span>
        {left && <span>{left}</span>}
      </p>
      {children}
    </section>
  )
}

function Cancel({ open: { session, terminal } }: { open: OpenConsole }) {
  const t = useTranslations('console.pasting')
  return (
    <div className={styles.pasteChoices}>
      <button
        type="button"
        className="button"
        onClick={() => {
          session.pasting.cancel()
          terminal.focus()
        }}
      >
        {t('cancel')}
      </button>
    </div>
  )
}

/** Where it stopped, and the choice between going on and giving it up. */
function GoOn({ open: { session, terminal }, paste }: { open: OpenConsole; paste: Stopped }) {
  const t = useTranslations('console.pasting')
  const obstacle = keyObstacle(useLineStatus(session))
  const choose = (run: () => void) => () => {
    run()
    terminal.focus()
  }
  return (
    <>
      {paste.lastLine && (
        <p title={paste.lastLine.text}>
          {t('lastLine', { number: paste.lastLine.number, of: paste.lastLine.of })}
          <code>{paste.lastLine.text}</code>
        </p>
      )}
      {paste.doubtful !== 0 && (
        <p>{paste.doubtful === null ? t('mayLack') : t('lacks', { bytes: paste.doubtful })}</p>
      )}
      {obstacle && <p>{t(`wait.${obstacle}`)}</p>}
      <div className={styles.pasteChoices}>
        <button
          type="button"
          className="button primary"
          disabled={obstacle !== null}
          onClick={choose(() => session.pasting.resume())}
        >
          {t('resume')}
        </button>
        <button type="button" className="button" onClick={choose(() => session.pasting.cancel())}>
          {t('discard')}
        </button>
      </div>
    </>
  )
}
