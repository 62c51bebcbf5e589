import { useId } from 'react'
import { useTranslations } from 'use-intl'
import type { PowerProps } from './power-button.tsx'
import { PowerDialog } from './power-dialog.tsx'
import { PowerWords } from './power-words.tsx'
import { useObstacle } from './use-obstacle.ts'
import { usePower } from './use-power.ts'

/** Powers a server on that is off. It loses nothing, so nothing is asked first. */
export default function PowerOn(props: PowerProps) {
  return (
    <PowerWords>
      <Button {...props} />
    </PowerWords>
  )
}

function Button({ server, announce, onFocus = () => {} }: PowerProps) {
  const t = useTranslations('power')
  const why = useObstacle(server)('power-on')
  const reason = useId()
  const { power, asked, setAsked } = usePower(server, announce)
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
        asked={asked}
        onCancel={() => setAsked(null)}
        onFocus={onFocus}
      />
    </>
  )
}
