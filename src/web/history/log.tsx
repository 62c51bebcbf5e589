import { Link } from '@tanstack/react-router'
import { type RefObject, useEffect, useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Failure } from '../../shared/cause.ts'
import type { LogSummary } from '../../shared/line-log.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { type DisplayRow, displayRows } from './display-rows.ts'
import styles from './history.module.css'
import type { LogReading, ReadingState } from './log-reading.ts'
import { LogView, type Sight } from './log-view.tsx'
import { useVisible } from './use-log.ts'

interface LogProps {
  serverId: string
  reading: LogReading
  state: Exclude<ReadingState, { kind: 'failed' }>
  boots: LogSummary['boots']
  /** The row that was asked for is marked. */
  marked: boolean
  box: RefObject<HTMLDivElement | null>
  onAtEnd: (atEnd: boolean) => void
}

/** The log at one place. It reads what is beside it as a person comes near. */
export function Log({ state, ...props }: LogProps) {
  const t = useTranslations('history')
  if (state.kind === 'loading')
    return (
      <div className={styles.loading} role="status">
        <span className="unseen">{t('loading')}</span>
        {Array.from({ length: 16 }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other key
          <span key={line} className="skeleton" />
        ))}
      </div>
    )
  const { rows, before, atEnd } = state.window
  if (rows.length > 0 || before !== null || !atEnd) return <Rows {...props} state={state} />
  return <Nothing {...props} state={state} />
}

type ReadProps = Omit<LogProps, 'state'> & { state: Extract<ReadingState, { kind: 'read' }> }

function Rows({ reading, state, boots, marked, box, onAtEnd }: ReadProps) {
  const { window, target, opened, older, newer } = state
  const [seesEnd, setSeesEnd] = useState(false)
  const visible = useVisible()
  useEffect(() => reading.follow(seesEnd && visible), [reading, seesEnd, visible])
  const rows = useMemo((): DisplayRow[] => {
    const shown = displayRows(window.rows, boots)
    return window.before === null ? [{ kind: 'begin', key: 'begin' }, ...shown] : shown
  }, [window, boots])
  const begin = useMemo(
    () => (target ? (rows.find((row) => row.kind === 'line' && row.line === target)?.key ?? null) : null),
    [rows, target],
  )
  const see = ({ nearBegin, nearEnd, atEnd }: Sight) => {
    setSeesEnd(atEnd && window.atEnd)
    onAtEnd(atEnd && window.atEnd)
    if (nearBegin && older === 'idle') void reading.older()
    if (nearEnd && newer === 'idle' && !window.atEnd) void reading.newer()
  }
  return (
    <div className={styles.view}>
      <LogView rows={rows} target={begin} marked={marked} opened={opened} box={box} onSight={see} />
      <Trouble of={older} onRetry={() => reading.older()} above />
      <Trouble of={newer} onRetry={() => reading.newer()} />
    </div>
  )
}

/** Says why rows are missing above or below. What was read stays. */
function Trouble({
  of,
  onRetry,
  above = false,
}: {
  of: 'idle' | 'loading' | Failure
  onRetry: () => void
  above?: boolean
}) {
  const t = useTranslations('history')
  const causes = useTranslations('causes')
  if (typeof of === 'string') return null
  return (
    <div className={styles.trouble} data-above={above} role="alert">
      <span>{t(above ? 'noOlder' : 'noNewer', { cause: causes(`${of.cause}.title`) })}</span>
      <button type="button" className="button" onClick={onRetry}>
        {t('tryAgain')}
      </button>
    </div>
  )
}

/** Nothing is kept yet. What comes is shown at once. */
function Nothing({ serverId, reading, onAtEnd }: ReadProps) {
  const t = useTranslations('history')
  const visible = useVisible()
  useEffect(() => {
    onAtEnd(true)
    reading.follow(visible)
  }, [reading, visible, onAtEnd])
  return (
    <EmptyState picture="history" title={t('nothing')} next={t('nothingNext')}>
      <Link to="/servers/$serverId/console" params={{ serverId }} className="button">
        {t('open')}
      </Link>
    </EmptyState>
  )
}
