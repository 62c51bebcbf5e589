import { useFormatter, useTranslations } from 'use-intl'
import type { OpenConsole } from '../../shared/open-consoles.ts'

const DAY_MS = 86_400_000

/** Puts it into words who has a console open: for a row, and as a sentence. */
export function useInUseWords(): (console: OpenConsole) => { short: string; long: string } {
  const t = useTranslations('inUse')
  const format = useFormatter()
  return ({ writer, yours, viewers, since }) => {
    const from = new Date(since)
    const today = Date.now() - from.getTime() < DAY_MS
    const time = format.dateTime(from, { timeStyle: 'short', ...(today ? {} : { dateStyle: 'medium' }) })
    if (writer === null) return { short: t('nobody', { viewers }), long: t('nobodySince', { viewers, time }) }
    const who = yours ? t('you') : t('by', { name: writer })
    return { short: who, long: t('since', { who, time, others: viewers - 1 }) }
  }
}
