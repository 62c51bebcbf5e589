import { Scaling } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import type { TerminalSize } from '../../../shared/terminal-size.ts'
import { Notice } from '../../ui/notice.tsx'
import { useDialog } from '../bar/use-dialog.tsx'
import styles from '../console.module.css'
import { hasKeyboard } from '../session/viewers.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import { type BelievedSize, differs } from './match.ts'
import { machineSizeOf, matchSize } from './match-size.ts'
import { sizeText } from './size-choice.ts'
import { chooseSize, useFrame } from './use-size.ts'

interface MatchOfferProps {
  open: OpenConsole
  serverId: string
}

/** Says once that the machine writes for another size than the terminal has, and offers both ways to mend that. */
export function MatchOffer({ open, serverId }: MatchOfferProps) {
  const t = useTranslations('size')
  const [machine] = useState(() => machineSizeOf(open.terminal))
  const { believed, atPrompt } = useSyncExternalStore(machine.subscribe, () => machine.state)
  const { shown } = useFrame(open.terminal)
  const { viewers } = useSession(open.session)
  const { dialog, show } = useDialog(open, serverId)
  const [offered, setOffered] = useState<'not-yet' | 'now' | 'done'>('not-yet')
  const mayOffer = hasKeyboard(viewers) && differs(believed, shown)
  // It waits for a prompt, where what it offers works. Then it stays until it is answered, or true no more.
  if (offered === 'not-yet' && mayOffer && atPrompt) setOffered('now')
  if (offered === 'now' && !mayOffer) setOffered('done')
  const done = (act: () => void) => () => {
    setOffered('done')
    act()
    open.terminal.focus()
  }
  const believedWords = useBelievedWords(believed)
  const title = offered === 'now' ? believedWords : ''
  const next = t('offerNext', { size: sizeText(shown) })
  const size: TerminalSize = {
    columns: believed.columns ?? shown.columns,
    rows: believed.rows ?? shown.rows,
  }
  return (
    <div className={styles.notice}>
      <p role="status" className="unseen">
        {title && `${title}. ${next}`}
      </p>
      {title && (
        <Notice Icon={Scaling} tone="info" title={title} next={next}>
          <button
            type="button"
            className="button primary"
            onClick={() => {
              setOffered('done')
              matchSize(open, show)
            }}
          >
            {t('match')}
          </button>
          <button type="button" className="button" onClick={done(() => chooseSize(serverId, size))}>
            {t('take', { size: sizeText(size) })}
          </button>
          <button type="button" className="button" onClick={done(() => {})}>
            {t('notNow')}
          </button>
        </Notice>
      )}
      {dialog}
    </div>
  )
}

function useBelievedWords({ columns, rows }: BelievedSize): string {
  const t = useTranslations('size.offer')
  if (columns !== null && rows !== null) return t('both', { columns, rows })
  if (columns !== null) return t('columns', { columns })
  return rows === null ? '' : t('rows', { rows })
}
