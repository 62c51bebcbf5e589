import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { PowerAction } from '../../shared/server.ts'
import type { PowerProps } from './power-button.tsx'
import { PowerDialog } from './power-dialog.tsx'
import { useObstacle } from './use-obstacle.ts'
import { usePower } from './use-power.ts'

/** Powers a server on that is off. It loses nothing, so nothing is asked first. */
export default function PowerOn({ server, announce, onFocus = () => {} }: PowerProps) {
  const t = useTranslations('power')
  const why = useObstacle(server)('power-on')
  const reason = useId()
  const [failed, setFailed] = useState<PowerAction | null>(null)
  const power = usePower(server.id, {
    onAccepted: (action) => {
      setFailed(null)
      announce(t('accepted', { action: t(`actions.${action}`) }))
    },
    onFailed: setFailed,
  })
  return (
    <>
      <button
        type="button"
        className="button primary"
        disabled={why !== null || power.isPending}
        aria-describedby={reason}
        onClick={() => {
          power.mutate('power-on')
          onFocus()
        }}
      >
        {t('actions.power-on')}
      </button>
      <small id={reason}>{why}</small>
      <PowerDialog
        server={server}
        power={power}
        asked={failed}
        onCancel={() => setFailed(null)}
        onFocus={onFocus}
      />
    </>
  )
}
