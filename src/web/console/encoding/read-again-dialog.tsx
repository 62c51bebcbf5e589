import { useTranslations } from 'use-intl'
import { encodingNames } from '../../settings/line-encoding.ts'
import { useServerSettings } from '../../settings/server-settings.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useAgain } from '../again.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import { useSession } from '../use-console.ts'

/**
 * Asks whether what the line said before is read in the new encoding, too. The page opens the console anew for that, and
 * the relay repeats what it has.
 */
export default function ReadAgainDialog({ open: { session }, serverId, onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('encoding')
  const { again } = useAgain()
  const { encoding } = useServerSettings(serverId)
  const { paste, lost } = useSession(session)
  // Both are known to this session alone.
  const isBusy = paste !== null || lost !== null
  return (
    <Dialog
      open
      title={t('readAgain')}
      description={t('readAgainAbout', { encoding: encodingNames[encoding ?? 'utf-8'] })}
      cancel={t('onlyNew')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={
        <button
          type="button"
          className="button primary"
          disabled={isBusy}
          onClick={() => {
            onClose()
            again()
          }}
        >
          {t('again')}
        </button>
      }
    >
      {(isBusy || session.times.inLog) && <p role="status">{t(isBusy ? 'readAgainBusy' : 'readAgainLog')}</p>}
    </Dialog>
  )
}
