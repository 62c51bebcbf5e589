import { useTranslations } from 'use-intl'
import type { PowerAction, Server } from '../../shared/server.ts'
import { failureOf } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import type { usePower } from './use-power.ts'
import { useLoss } from './use-power-traits.ts'

interface PowerDialogProps {
  server: Server
  power: ReturnType<typeof usePower>['power']
  /** Null: nothing is asked. */
  asked: PowerAction | null
  onCancel: () => void
  onFocus: () => void
}

/** Asks before a power action, and says why the cloud did not take it. */
export function PowerDialog({ server: { name }, power, asked, onCancel, onFocus }: PowerDialogProps) {
  const t = useTranslations('power')
  const words = useTranslations('powering')
  const lossOf = useLoss()
  if (asked === null) return null
  return (
    <Dialog
      open
      title={words(asked === 'nmi' ? 'askNmi' : 'ask', { action: t(`actions.${asked}`), name })}
      description={lossOf(asked)}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button
          type="button"
          className={`button ${asked === 'power-on' ? 'primary' : 'danger'}`}
          disabled={power.isPending}
          onClick={() => power.mutate(asked)}
        >
          {t(`actions.${asked}`)}
        </button>
      }
    >
      {power.error !== null && <NotAccepted error={power.error} action={asked} />}
    </Dialog>
  )
}

/** Power actions are never retried by themselves: the cloud may have done it all the same. */
function NotAccepted({ error, action }: { error: unknown; action: PowerAction }) {
  const t = useTranslations('powering')
  const actions = useTranslations('power.actions')
  const causes = useTranslations('causes')
  const failure = failureOf(error)
  const why = failure.cause === 'no-permission' ? t('noPermission') : causes(`${failure.cause}.title`)
  return (
    <FailureNotice
      failure={failure}
      words={{
        title: t('notAccepted', { action: actions(action) }),
        next: `${why}. ${t('lookFirst')}`,
      }}
    />
  )
}
