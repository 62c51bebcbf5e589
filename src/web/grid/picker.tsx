import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { serverCan } from '../../shared/server.ts'
import { serversQuery } from '../api/queries.ts'
import { MOST_CONSOLES } from '../console/beside.ts'
import { LoadFailure } from '../ui/load-failure.tsx'
import styles from './grid.module.css'

/** Few enough to look through. More are found by a word of their name. */
const MOST_SHOWN = 200

interface PickerProps {
  /** They are open, and cannot be chosen again. */
  open: readonly string[]
  chosen: readonly string[]
  onChosen: (servers: string[]) => void
}

/** Chooses servers whose consoles are to be opened beside each other. */
export function Picker({ open, chosen, onChosen }: PickerProps) {
  const t = useTranslations('consoles')
  const { data, error, isPending, refetch } = useQuery(serversQuery())
  const [text, setText] = useState('')
  const id = useId()
  const wanted = text.trim().toLowerCase()
  const servers = (data?.servers ?? []).filter(
    (server) =>
      serverCan.openConsole(server).offered &&
      !open.includes(server.id) &&
      `${server.name} ${server.id}`.toLowerCase().includes(wanted),
  )
  const room = MOST_CONSOLES - open.length
  const full = chosen.length >= room
  return (
    <div className={styles.picker}>
      <input
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {error !== null && <LoadFailure error={error} onRetry={refetch} />}
      <ul aria-label={t('servers')}>
        {servers.slice(0, MOST_SHOWN).map((server) => {
          const on = chosen.includes(server.id)
          return (
            <li key={server.id}>
              <label>
                <input
                  type="checkbox"
                  checked={on}
                  disabled={!on && full}
                  aria-describedby={full ? `${id}room` : undefined}
                  onChange={() =>
                    onChosen(on ? chosen.filter((each) => each !== server.id) : [...chosen, server.id])
                  }
                />
                <span>{server.name}</span>
                <small>{server.os.image ?? server.zone}</small>
              </label>
            </li>
          )
        })}
      </ul>
      <p id={`${id}room`} role="status">
        {isPending
          ? t('loading')
          : servers.length === 0
            ? t('noneFound')
            : servers.length > MOST_SHOWN
              ? t('moreFound', { count: servers.length - MOST_SHOWN })
              : t('room', { chosen: chosen.length, room })}
      </p>
    </div>
  )
}
