import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { ConsoleSession } from '../session/session.ts'
import { useSession } from '../use-console.ts'

/** Announces how far a paste got that was ended in the middle, by its button or by Ctrl+C. */
export function usePasteNews(session: ConsoleSession, announce: (sentence: string) => void): void {
  const t = useTranslations('console.pasting')
  const { paste } = useSession(session)
  useEffect(() => {
    if (paste?.kind !== 'cancelled') return
    const { sent, total, lastLine } = paste
    const cancelled = t('cancelled', { sent, total })
    announce(
      lastLine
        ? t('cancelledAt', {
            cancelled,
            lastLine: t('lastLine', { number: lastLine.number, of: lastLine.of }),
          })
        : cancelled,
    )
  }, [paste, announce, t])
}
