import { useTranslations } from 'use-intl'
import type { LogSearchEvent } from '../../../shared/log-search.ts'
import { Hit } from '../../search/hit.tsx'
import { useWrittenMoment } from '../../ui/use-written-moment.ts'

export type LogHit = Extract<LogSearchEvent, { type: 'hit' }>

/** A line is found once. */
export const keyOf = ({ server, offset }: LogHit): string => `${server.id} ${offset}`

interface LogHitContentProps {
  hit: LogHit
  /** Which server said it, where that is not known */
  server?: string
  /** The boot that it belongs to, if the hit does not know it */
  boot?: LogHit['boot'] | undefined
}

/** A line of a log, and the boot that it belongs to. */
export function LogHitContent({ hit, boot: otherwise = null, ...server }: LogHitContentProps) {
  const t = useTranslations('history')
  const moment = useWrittenMoment()
  const boot = hit.boot ?? otherwise
  return <Hit hit={hit} {...server} place={boot && t('bootAt', { time: moment(boot.time) })} />
}
