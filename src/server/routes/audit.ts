import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import { AuditCursor, type AuditEvent, AuditFilter, AuditList } from '../../shared/audit.ts'
import { exactDetails } from '../../shared/audit-detail.ts'
import { identityOf } from '../access.ts'
import { type AuditLog, askerOf } from '../audit/audit.ts'
import { csvOf } from '../audit/csv.ts'
import { placeIn } from '../audit/peers/cursor.ts'
import { type AuditPeers, JoinedAudit } from '../audit/peers/joined-audit.ts'
import { type OwnAudit, readOwn } from '../audit/peers/read-own.ts'
import { type AuditReading, uncut } from '../audit/peers/reading.ts'
import { AUDIT_PEER_PATH, type KeptEvents, KeptQuery } from '../audit/peers/wire.ts'
import { readPage } from '../audit/read-page.ts'
import { fail } from '../http-errors.ts'
import { mayIn } from '../sign-in/rights.ts'

const PAGE_SIZE = 50
/** The page waits for 30 s. */
const SEARCH_MS = 10_000

interface AuditRouteOptions {
  audit: AuditLog
  /** epoch ms */
  now: () => number
  /** null: there is one process. */
  others: (AuditPeers & OwnAudit) | null
}

export function auditRoutes(instance: FastifyInstance, { audit, now, others }: AuditRouteOptions): void {
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
  const openLogs = async (filter: AuditFilter, before: string | null): Promise<AuditReading> => {
    if (others) return JoinedAudit.open(others, filter, before)
    const place = placeIn(null, before, filter)
    return { search: audit.search(place.filter, place.before), kept, unwritten: audit.unwritten, away: false }
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
      const logs = await openLogs(filter, before)
      const page = await readPage(logs.search, {
        take: PAGE_SIZE,
        sees: seenBy(request),
        timeIsUp: () => now() > until || reply.raw.destroyed,
      })
      // Recorded afterwards: a reader is not shown that they are just reading.
      audit.record('read-audit', { ...askerOf(request), outcome: 'done', detail: exactDetails.page })
      const { away } = logs
      return { ...page, kept: logs.kept, unwritten: logs.unwritten, ...(away ? { away } : {}) }
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
      audit.record('read-audit', { ...askerOf(request), outcome: 'done', detail: exactDetails.csv })
      const logs = await openLogs(request.query, null)
      const day = new Date(now()).toISOString().slice(0, 10)
      const part = logs.away ? '-incomplete' : ''
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="audit-${day}${part}.csv"`)
        .send(Readable.from(csvOf(uncut(logs), seenBy(request))))
    },
  )
}

/**
 * What this replica's audit log has, for the other replicas alone. They know nobody's rights here: each has looked at the
 * rights of the person for whom it asks.
 */
export function peerAuditRoute(instance: FastifyInstance, own: OwnAudit): void {
  instance
    .withTypeProvider<ZodTypeProvider>()
    .get(
      AUDIT_PEER_PATH,
      { schema: { hide: true, querystring: KeptQuery } },
      async ({ query }, reply): Promise<z.input<typeof KeptEvents>> =>
        readOwn(own, query, () => reply.raw.destroyed),
    )
}

/** A project's administrators see what happened in it. The installation's also see what belongs to no project. */
function seenBy(request: FastifyRequest): (event: AuditEvent) => boolean {
  const identity = identityOf(request)
  return ({ project }) => mayIn(identity, project, 'read-audit')
}
