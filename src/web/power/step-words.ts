import { useTranslations } from 'use-intl'
import type { Cause, Failure } from '../../shared/cause.ts'
import type { PowerAction } from '../../shared/server.ts'
import { sentences } from '../ui/sentences.ts'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import { countOf, GIVE_UP_MS, LATE_MS, type Run, type Step } from './many.ts'

/** Nobody heard what became of the request. So it may have been carried out. */
const unheard: ReadonlySet<Cause> = new Set<Cause>([
  'cloud-timeout',
  'cloud-unreachable',
  'cloud-error',
  'proxy-unreachable',
  'proxy-error',
  'proxy-restarting',
  'network-lost',
])

/** How far an action is with one server, in words. */
export function useStepWords(): (
  action: PowerAction,
  step: Step,
) => { state: string; detail: string | null } {
  const t = useTranslations('powering')
  const causes = useTranslations('causes')
  const shell = useTranslations('shell')
  const rounded = useRoundDuration()
  const why = ({ cause }: Failure) =>
    cause === 'no-permission' ? t('noPermission') : causes(`${cause}.title`)
  const facts = ({ detail, code, permission }: Failure) =>
    [detail, code, permission && shell('permission', { permission })].filter(Boolean).join(' · ') || null
  return (action, step) => {
    switch (step.kind) {
      case 'done':
        return { state: t(action === 'nmi' ? 'steps.sent' : 'steps.done'), detail: null }
      case 'waiting':
      case 'asking':
        return { state: t(`steps.${step.kind}`), detail: null }
      case 'running':
        return {
          state: step.late ? t('steps.late', { time: rounded(LATE_MS) }) : t('steps.running'),
          detail: step.late ? t('lateNext') : null,
        }
      case 'failed': {
        const { failure, accepted } = step
        const kind = accepted ? 'failed' : unheard.has(failure.cause) ? 'unheard' : 'refused'
        // The cloud's own reason says more than that its request failed.
        const state = accepted ? t('steps.failed') : t(`steps.${kind}`, { why: why(failure) })
        const known = facts(failure)
        return {
          state,
          detail: kind === 'unheard' ? sentences(t('lookFirst'), known) : known,
        }
      }
      case 'unseen':
        return step.failure === null
          ? { state: t('steps.given-up', { time: rounded(GIVE_UP_MS) }), detail: null }
          : { state: t('steps.unseen', { why: why(step.failure) }), detail: facts(step.failure) }
    }
  }
}

/** How far an action is as a whole, in a few words. */
export function useSummary(): (run: Run) => string {
  const t = useTranslations('powering')
  return (run) => {
    const { done, failed, late, unseen } = countOf(run)
    const parts = [t('summary.done', { done, count: run.tasks.length })]
    if (failed > 0) parts.push(t('summary.failed', { count: failed }))
    if (late + unseen > 0) parts.push(t('summary.unfinished', { count: late + unseen }))
    return parts.join(' · ')
  }
}
