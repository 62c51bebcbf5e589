import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { ConsoleSession } from './session/session.ts'
import { useSession } from './use-console.ts'

/** Says once that the line sent something unreadable. What could be shown of it is on the screen. */
export function useUnreadable(session: ConsoleSession, announce: (sentence: string) => void): void {
  const t = useTranslations('console')
  const { unreadable } = useSession(session)
  useEffect(() => {
    if (unreadable) announce(t('unreadable'))
  }, [unreadable, announce, t])
}
