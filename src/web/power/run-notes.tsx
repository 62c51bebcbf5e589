import { Check, CircleAlert, LoaderCircle, X } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { DeskRun, PowerDesk } from './desk.ts'
import { countOf, isOver, isSettled } from './many.ts'
import styles from './power.module.css'
import { useSummary } from './step-words.ts'

export const noteId = (run: number) => `power-run-${run}`

/** How long a run that went well is told of after its end. */
const DONE_MS = 8_000

/** A small note for each run whose dialog is closed. It leads back to the dialog. */
export function RunNotes({ desk, runs }: { desk: PowerDesk; runs: readonly DeskRun[] }) {
  const t = useTranslations('powering')
  const told = runs.filter(({ quiet, run }) => {
    const { failed, late, unseen } = countOf(run)
    return !quiet || failed + late + unseen > 0
  })
  return (
    <section className={styles.notes} aria-label={t('underWay')} aria-live="polite">
      {told.map((entry) => (
        <Note key={entry.id} desk={desk} entry={entry} />
      ))}
    </section>
  )
}

function Note({ desk, entry: { id, run } }: { desk: PowerDesk; entry: DeskRun }) {
  const t = useTranslations('powering')
  const actions = useTranslations('power.actions')
  const summary = useSummary()
  const { failed, late, unseen } = countOf(run)
  const well = isOver(run) && failed + late + unseen === 0
  useEffect(() => {
    if (!well) return
    const timer = setTimeout(() => desk.dismiss(id), DONE_MS)
    return () => clearTimeout(timer)
  }, [well, desk, id])
  const Icon = well ? Check : failed + unseen + late > 0 ? CircleAlert : LoaderCircle
  const [only] = run.tasks
  const about = run.tasks.length === 1 && only ? ` · ${only.server.name}` : ''
  return (
    <div
      className={styles.note}
      data-tone={well ? 'ok' : failed > 0 ? 'bad' : late + unseen > 0 ? 'warn' : 'busy'}
    >
      <button
        type="button"
        id={noteId(id)}
        className={styles.open}
        onClick={() => desk.show(id)}
        title={t('showProgress')}
      >
        <Icon size={16} aria-hidden className={styles.icon} />
        <span>
          {t('before', { what: actions(run.action) + about })}
          {summary(run)}
        </span>
      </button>
      {isSettled(run) && (
        <button
          type="button"
          className="icon"
          aria-label={t('dismiss')}
          title={t('dismiss')}
          onClick={() => desk.dismiss(id)}
        >
          <X size={16} aria-hidden />
        </button>
      )}
    </div>
  )
}
