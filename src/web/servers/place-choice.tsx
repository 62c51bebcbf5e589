import { useTranslations } from 'use-intl'
import type { Place, PlaceKind } from './places.ts'
import styles from './servers.module.css'

interface PlaceChoiceProps {
  kind: PlaceKind
  places: Place[]
  chosen: string | undefined
  onChoose: (id: string | undefined) => void
}

/** Shown when there is a choice, or when the address asks for a place, so that it can be undone. */
export function PlaceChoice({ kind, places, chosen, onChoose }: PlaceChoiceProps) {
  const t = useTranslations('servers')
  if (places.length === 0 && chosen === undefined) return null
  const gone = chosen !== undefined && !places.some(({ id }) => id === chosen)
  return (
    <select
      className={styles.choice}
      aria-label={t(`places.${kind}`)}
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value || undefined)}
    >
      <option value="">{t(`everywhere.${kind}`)}</option>
      {places.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {gone && <option value={chosen}>{chosen}</option>}
    </select>
  )
}
