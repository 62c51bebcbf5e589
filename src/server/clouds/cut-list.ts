import type { ServerList } from '../../shared/api.ts'
import type { Cause } from '../../shared/cause.ts'
import type { Server } from '../../shared/server.ts'
import { CloudError } from './cloud.ts'

/** The right to see the list has ended, or the cloud sends more than any list has. */
const whole: ReadonlySet<Cause> = new Set<Cause>(['signed-out', 'no-permission', 'answer-too-long'])

type Missing = ServerList['missing'][number]

/**
 * Tells the fault that ended a list early. The servers that came before it are shown.
 * @param page the number of the page that failed, from 1
 * @throws the error itself, where the first page failed or where a part must not be shown
 */
export function cutAt(page: number, error: unknown, place: Pick<Server, 'region' | 'project'>): Missing {
  if (page === 1 || !(error instanceof CloudError)) throw error
  const { failure } = error
  if (whole.has(failure.cause)) throw error
  const { region, project } = place
  return {
    where: [region, project?.name ?? project?.id].filter(Boolean).join(' / '),
    failure: {
      ...failure,
      cause: 'list-incomplete',
      detail: `Page ${page} failed (${failure.cause}). ${failure.detail ?? ''}`.trim(),
    },
  }
}
