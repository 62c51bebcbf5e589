import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import type { ViewerName } from '../session/viewers.ts'

/** Puts a viewer's name into words: "Ada", "Ada, tab 2", "Local user 1". */
export function useViewerName(): (viewer: ViewerName) => string {
  const t = useTranslations('console')
  return useCallback(
    ({ name, person, tab }) => {
      const who = person === null ? name : t('namesake', { name, number: person })
      return tab === null ? who : t('inTab', { name: who, number: tab })
    },
    [t],
  )
}
