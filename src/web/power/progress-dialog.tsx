import { Check, CircleAlert, Clock, Eye, LoaderCircle, type LucideIcon } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { PowerAction } from '../../shared/server.ts'
import { Dialog } from '../ui/dialog.tsx'
import { sentences } from '../ui/sentences.ts'
import type { DeskRun, PowerDesk } from './desk.ts'
import { countOf, failedOf, isOver, type Step, type Task, troubleFirst } from './many.ts'
import styles from './power.module.css'
import { noteId } from './run-notes.tsx'
import { useStepWords, useSummary } from './step-words.ts'

type Tone = 'ok' | 'bad' | 'warn' | 'busy' | 'plain'

const looks: Readonly<Record<Step['kind'] | 'late', [LucideIcon, Tone]>> = {
  waiting: [Clock, 'plain'],
  asking: [LoaderCircle, 'busy'],
  running: [LoaderCircle, 'busy'],
  late: [Clock, 'warn'],
  done: [Check, 'ok'],
  failed: [CircleAlert, 'bad'],
  unseen: [Eye, 'warn'],
}

/** How an action goes, server by server. Closing it ends nothing. */
export function ProgressDialog({ desk, entry: { id, run } }: { desk: PowerDesk; entry: DeskRun }) {
  const t = useTranslations('powering')
  const actions = useTranslations('power.actions')
  const summary = useSummary()
  const failed = failedOf(run).length
  const over = isOver(run)
  const { waiting, done, failed: notDone, unseen } = countOf(run)
  const ended = done + notDone + unseen
  const held = run.heldUntil !== null && waiting > 0
  return (
    <Dialog
      open
      title={t('before', { what: actions(run.action) }) + summary(run)}
      description={
        over ? t('over') : held ? t('held') : sentences(t('closeLeaves'), waiting > 0 && t('waitingLost'))
      }
      cancel={t(over ? 'close' : 'leave')}
      onCancel={() => desk.hide()}
      // It was opened by its note, which is on the page again in a moment.
      onFocus={() => desk.giveFocus() || setTimeout(() => document.getElementById(noteId(id))?.focus())}
      actions={
        failed > 0 && (
          <button type="button" className="button" onClick={() => desk.askAgain(id)}>
            {t('again', { count: failed })}
          </button>
        )
      }
    >
      <progress className={styles.bar} aria-hidden max={run.tasks.length} value={ended} />
      {/* Read by a screen reader when it changes. The title is not. */}
      <p role="status" className="unseen">
        {summary(run)}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keys, too */}
      <ul className={`${styles.names} ${styles.progress}`} aria-label={t('servers')} tabIndex={0}>
        {troubleFirst(run).map((task) => (
          <Row key={task.server.id} action={run.action} task={task} />
        ))}
      </ul>
    </Dialog>
  )
}

function Row({ action, task: { server, step } }: { action: PowerAction; task: Task }) {
  const { state, detail } = useStepWords()(action, step)
  const [Icon, tone] = looks[step.kind === 'running' && step.late ? 'late' : step.kind]
  return (
    <li data-tone={tone}>
      <Icon size={16} aria-hidden />
      <span>
        <strong>{server.name}</strong> <span className={styles.state}>{state}</span>
        {detail && <small>{detail}</small>}
      </span>
    </li>
  )
}
