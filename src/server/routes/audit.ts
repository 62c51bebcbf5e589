import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import { AuditCursor, type AuditEvent, AuditFilter, AuditList } from '../../shared/audit.ts'
import { identityOf } from '../access.ts'
import { type AuditLog, askerOf } from '../audit/audit.ts'
import { csvOf } from '../audit/csv.ts'
import { readPage } from '../audit/read-page.ts'
import { fail } from '../http-errors.ts'
import { mayIn } from '../sign-in/rights.ts'

const PAGE_SIZE = 50
/** The page waits for 30 s. */
const SEARCH_MS = 10_000

/** @param now epoch ms */
export function auditRoutes(
  instance: FastifyInstance,
  { audit, now }: { audit: AuditLog; now: () => number },
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const { kept } = audit
  if (!kept) {
    for (const path of ['/api/audit', '/api/audit.csv']) {
      api.get(path, { config: { access: 'read-audit' }, schema: { hide: true } }, (_request, reply) =>
        fail(reply, 404, 'audit-off', 'BMS_CONSOLE_AUDIT is off.'),
      )
    }
    return
  }

  api.get(
    '/api/audit',
    {
      config: { access: 'read-audit' },
      schema: {
        summary: 'Events of the audit log, newest first',
        tags: ['audit'],
        querystring: z.object({ ...AuditFilter.shape, before: z.optional(AuditCursor) }),
        response: { 200: AuditList, default: ApiError },
      },
    },
    async (request, reply) => {
      const { before = null, ...filter } = request.query
      const until = now() + SEARCH_MS
      const page = await readPage(audit, filter, {
        before,
        take: PAGE_SIZE,
        sees: seenBy(request),
        timeIsUp: () => now() > until || reply.raw.destroyed,
      })
      // Recorded afterwards: a reader is not shown that they are just reading.
      audit.record('read-audit', { ...askerOf(request), outcome: 'done', detail: 'page' })
      return { ...page, kept, unwritten: audit.unwritten }
    },
  )

  api.get(
    '/api/audit.csv',
    {
      config: { access: 'read-audit' },
      schema: {
        summary: 'All events that match, as CSV',
        tags: ['audit'],
        querystring: AuditFilter,
        produces: ['text/csv'],
      },
    },
    async (request, reply) => {
      audit.record('read-audit', { ...askerOf(request), outcome: 'done', detail: 'csv' })
      const day = new Date(now()).toISOString().slice(0, 10)
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="audit-${day}.csv"`)
        .send(Readable.from(csvOf(audit, request.query, seenBy(request))))
    },
  )
}

/** A project's administrators see what happened in it. The installation's also see what belongs to no project. */
function seenBy(request: FastifyRequest): (event: AuditEvent) => boolean {
  const identity = identityOf(request)
  return ({ project }) => mayIn(identity, project, 'read-audit')
}
