import { Link } from '@tanstack/react-router'
import { Clock, Star } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Preferences } from '../../../shared/preferences.ts'
import { type Server, serverCan } from '../../../shared/server.ts'
import { shortcuts } from './pins.ts'
import styles from './views.module.css'

interface ShortcutsProps {
  preferences: Preferences
  byId: ReadonlyMap<string, Server>
}

/** A way to each favourite and to what was opened lately, above the list of all. Servers that are gone are left out. */
export function Shortcuts({ preferences: { favourites, recent }, byId }: ShortcutsProps) {
  const t = useTranslations('views')
  const there = (ids: readonly string[]) => ids.filter((id) => byId.has(id))
  const shown = shortcuts(there(favourites), there(recent))
  if (shown.length === 0) return null
  return (
    <ul className={styles.shortcuts} aria-label={t('quick')}>
      {shown.map(({ id, favourite }) => {
        const server = byId.get(id)
        if (!server) return null
        const says = t(favourite ? 'isFavourite' : 'isRecent')
        const Mark = favourite ? Star : Clock
        return (
          <li key={id}>
            <Link
              to={serverCan.openConsole(server).offered ? '/servers/$serverId/console' : '/servers/$serverId'}
              params={{ serverId: id }}
              preload={false}
              title={`${server.name} · ${says}`}
              data-favourite={favourite}
            >
              <Mark size={13} aria-hidden />
              <span>{server.name}</span>
              <span className="unseen">, {says}</span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
