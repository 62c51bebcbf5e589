import { Keyboard } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Notice } from '../ui/notice.tsx'
import { mayType } from './session/line-status.ts'
import type { ConsoleSession } from './session/session.ts'
import { useLineStatus, useSession } from './use-console.ts'

/** Says which keys did not arrive, or may not have, and offers to send them again. */
export function LostKeysNotice({ session, onFocus }: { session: ConsoleSession; onFocus: () => void }) {
  const t = useTranslations('console.lost')
  const { lost } = useSession(session)
  const typing = mayType(useLineStatus(session))
  const title = [
    lost?.notSent && t('notSent', { count: lost.notSent }),
    lost?.unknown && t('unknown', { count: lost.unknown }),
  ]
    .filter(Boolean)
    .join('. ')
  const next = t(!lost?.hasText ? 'textless' : !typing ? 'later' : lost.unknown > 0 ? 'twice' : 'next')
  const act = (action: () => void) => () => {
    action()
    onFocus()
  }
  return (
    <>
      {/* It is always there, so that a screen reader reads its words when they come. */}
      <p role="status" className="unseen">
        {lost && `${title}. ${next}`}
      </p>
      {lost && (
        <Notice
          Icon={Keyboard}
          tone="info"
          title={title}
          next={next}
          details={lost.hasText && <LostText session={session} />}
        >
          {lost.hasText && (
            <button
              type="button"
              id="send-again"
              className="button primary"
              disabled={!typing}
              onClick={act(session.input.sendAgain)}
            >
              {t('again')}
            </button>
          )}
          <button type="button" className="button" onClick={act(session.input.dismissLost)}>
            {t('dismiss')}
          </button>
        </Notice>
      )}
    </>
  )
}

/** A password may be among what was typed, so it is on the page only while somebody wants to see it. */
function LostText({ session }: { session: ConsoleSession }) {
  const t = useTranslations('console.lost')
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('show')}</summary>
      {open && <code>{readable(session.input.lostText)}</code>}
    </details>
  )
}

/** Control characters by their pictures, e.g. ESC as ␛. */
const readable = (text: string) =>
  text
    .replaceAll('\r', '⏎')
    .replace(/[\u0000-\u001f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replaceAll('\u007f', '␡')
