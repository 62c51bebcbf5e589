import { useQueryClient } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import { useMemo, useSyncExternalStore } from 'react'
import { favourite } from './changes.ts'
import styles from './favourites.module.css'
import { keeperOf } from './keeper-of.ts'

export interface FavouriteStarProps {
  serverId: string
  label: string
  tabIndex?: number
  className?: string | undefined
  px?: number
}

/** Makes a server a favourite, or takes that away. */
export default function FavouriteStar({ serverId, label, tabIndex, className, px = 15 }: FavouriteStarProps) {
  const keeper = keeperOf(useQueryClient())
  const starred = useSyncExternalStore(keeper.subscribe, () =>
    keeper.get().preferences.favourites.includes(serverId),
  )
  // A row that becomes another server's keeps it.
  const icon = useMemo(() => <Star size={px} aria-hidden />, [px])
  return (
    <button
      type="button"
      className={`${styles.star} ${className ?? styles.inRow}`}
      aria-pressed={starred}
      aria-label={label}
      title={label}
      tabIndex={tabIndex}
      data-star
      onClick={() => void keeper.change(favourite(serverId, !starred))}
    >
      {icon}
    </button>
  )
}
