import { useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { keepFocus } from '../console/bar/bar-button.tsx'
import { keyObstacle, type LineStatus } from '../console/session/line-status.ts'
import type { OpenConsole } from '../console/use-console.ts'
import styles from './grid.module.css'
import type { Obstacle, Several } from './several.ts'

/** What a console does with keys that are typed in another. `off`: nobody types to several. */
type Takes = 'off' | 'no' | 'yes' | Obstacle

export function useSeveral(several: Several<OpenConsole>, serverId: string, status: LineStatus | null) {
  const { chosen, skipped } = useSyncExternalStore(several.subscribe, several.getSnapshot)
  const takes: Takes =
    chosen === null
      ? 'off'
      : !chosen.has(serverId)
        ? 'no'
        : ((status === null ? 'line-down' : keyObstacle(status)) ?? 'yes')
  return { takes, missed: skipped.get(serverId) ?? 0 }
}

interface TakesKeysProps {
  several: Several<OpenConsole>
  serverId: string
  name: string
  status: LineStatus | null
}

/** Says in a console's header whether it takes the keys that are typed to several, and chooses it. */
export function TakesKeys({ several, serverId, name, status }: TakesKeysProps) {
  const t = useTranslations('consoles')
  const { takes, missed } = useSeveral(several, serverId, status)
  if (takes === 'off') return null
  const words = takes === 'yes' ? t('takes') : takes === 'no' ? t('takesNot') : t(`passedOver.${takes}`)
  return (
    <>
      {missed > 0 && (
        <strong role="status" className={styles.missed}>
          {t('missed', { count: missed })}
        </strong>
      )}
      {/* A click chooses, and the next key still goes where the focus was. */}
      <label
        className={styles.takes}
        title={words}
        onPointerDown={(event) => event.stopPropagation()}
        onMouseDown={keepFocus}
      >
        <input
          type="checkbox"
          aria-label={t('choose', { name })}
          checked={takes !== 'no'}
          onChange={({ target }) => several.choose(serverId, target.checked)}
        />
        <span>{words}</span>
      </label>
    </>
  )
}
