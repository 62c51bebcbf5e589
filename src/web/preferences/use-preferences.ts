import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { failureOf } from '../api/client.ts'
import { toasts } from '../toasts/toasts.ts'
import { BROWSER_KEY, NotStored } from './browser-place.ts'
import { TooMuch } from './keeper.ts'
import { keeperOf } from './keeper-of.ts'

/**
 * What the user keeps of the list. It is read anew by each page that shows it, when the page comes back into view, and
 * when another tab of this browser changes it. What cannot be kept is told.
 */
export function usePreferences() {
  const keeper = keeperOf(useQueryClient())
  const state = useSyncExternalStore(keeper.subscribe, keeper.get)
  useEffect(() => {
    void keeper.refresh()
    const onStorage = ({ key }: StorageEvent) => {
      if (key === BROWSER_KEY || key === null) void keeper.refresh()
    }
    const onSight = () => {
      if (document.visibilityState === 'visible') void keeper.refresh()
    }
    window.addEventListener('storage', onStorage)
    document.addEventListener('visibilitychange', onSight)
    return () => {
      window.removeEventListener('storage', onStorage)
      document.removeEventListener('visibilitychange', onSight)
    }
  }, [keeper])
  const { failure } = state
  const words = useNotKept()
  const t = useTranslations('shell')
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failure is told once, whatever else is drawn
  useEffect(() => {
    if (failure === null) return
    const again = { label: t('tryAgain'), act: () => void keeper.refresh() }
    toasts.add(words(failure), failure instanceof TooMuch ? undefined : again)
  }, [failure])
  return { ...state, change: keeper.change, refresh: keeper.refresh }
}

/** Says why a change is not kept. */
export function useNotKept(): (failure: unknown) => string {
  const t = useTranslations('views')
  const causes = useTranslations('causes')
  return (failure) =>
    failure instanceof TooMuch
      ? t('tooMuch')
      : failure instanceof NotStored
        ? t('notStored')
        : t('notKept', { why: causes(`${failureOf(failure).cause}.title`) })
}
