import { useTranslations } from 'use-intl'
import type { RecordingInfo } from '../../shared/recording.ts'

/** Why a recording ended. null: it goes on, or nobody knows. Recordings from before there were kinds say it in English. */
export function useEndWords({ reason, why }: Pick<RecordingInfo, 'reason' | 'why'>): string | null {
  const t = useTranslations('recordings.reasons')
  const causes = useTranslations('causes')
  if (why === null) return reason
  switch (why.kind) {
    case 'session-ended':
      return t('session-ended', { cause: causes(`${why.cause}.title`) })
    case 'stopped':
      return t('stopped', { by: why.by })
    case 'size-limit':
      return t('size-limit', { mib: why.mib })
    case 'not-written':
    case 'typed-not-written':
      return t(why.kind, { code: why.code })
    case 'typed-lost':
      return t('typed-lost', { bytes: why.bytes })
    default:
      return t(why.kind)
  }
}
