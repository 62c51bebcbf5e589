import type { FastifyReply } from 'fastify'
import { fail } from '../http-errors.ts'
import type { Found } from '../recordings/recordings.ts'

/** How soon to ask a replica again that does not answer */
const RETRY_S = 1

export function missing(reply: FastifyReply, { kind }: Exclude<Found, { kind: 'found' }> = { kind: 'none' }) {
  if (kind === 'none') return fail(reply, 404, 'recording-not-found', 'There is no such recording.')
  return fail(
    reply.header('retry-after', RETRY_S),
    503,
    'proxy-restarting',
    'A replica that may have the recording does not answer.',
  )
}
