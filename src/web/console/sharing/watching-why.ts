import { useTranslations } from 'use-intl'
import type { ConsoleSession } from '../session/session.ts'
import { hasKeyboard } from '../session/viewers.ts'
import { useSession } from '../use-console.ts'

/** Why a watcher cannot send keys. Undefined for the writer. */
export function useWatchingWhy(session: ConsoleSession): string | undefined {
  const t = useTranslations('console')
  const { viewers, may } = useSession(session)
  if (hasKeyboard(viewers)) return undefined
  return t(may?.write === false ? 'watchOnly' : 'watchingWhy')
}
