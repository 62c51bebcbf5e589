import { useFormatter, useTranslations } from 'use-intl'
import type { InUse } from './open-consoles.ts'

const DAY_MS = 86_400_000

/** Puts it into words who has a console open, or may have: for a row, and as a sentence. */
export function useInUseWords(): (inUse: InUse) => { short: string; long: string } {
  const t = useTranslations('inUse')
  const format = useFormatter()
  const timeOf = (since: string) => {
    const from = new Date(since)
    const today = Date.now() - from.getTime() < DAY_MS
    return format.dateTime(from, { timeStyle: 'short', ...(today ? {} : { dateStyle: 'medium' }) })
  }
  return ({ console, link }) => {
    if (link) {
      const who = link.yours ? t('openedYou') : t('opened', { name: link.name })
      return { short: who, long: t('openedAt', { who, time: timeOf(link.since) }) }
    }
    if (!console) return { short: '', long: '' }
    const { writer, yours, viewers } = console
    const time = timeOf(console.since)
    if (writer === null) return { short: t('nobody', { viewers }), long: t('nobodySince', { viewers, time }) }
    const who = yours ? t('you') : t('by', { name: writer })
    return { short: who, long: t('since', { who, time, others: viewers - 1 }) }
  }
}
