import { useRouter } from '@tanstack/react-router'
import { useMayReadLog } from '../older/use-may-read-log.ts'
import type { FindQuery } from './matching.ts'

/** The address of the page that searches all that is kept of the line. Null: nothing is kept, or this person may not read it. */
export function useHistoryOf(serverId: string): ((query: FindQuery) => string) | null {
  const may = useMayReadLog()
  const router = useRouter()
  if (!may) return null
  return ({ text, matchCase, regex }) =>
    router.buildLocation({
      to: '/servers/$serverId/history',
      params: { serverId },
      search: { q: text, case: matchCase ? 'true' : undefined, regex: regex ? 'true' : undefined },
    }).publicHref
}
