import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type AuditFilter, AuditList } from '../../shared/audit.ts'
import { call } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { retry } from '../api/queries.ts'

export const isNarrowed = (filter: AuditFilter) => Object.values(filter).some(Boolean)

export const auditQuery = (filter: AuditFilter, before: string | undefined) =>
  queryOptions({
    queryKey: ['audit', filter, before],
    queryFn: ({ signal }) => call(paths.audit({ ...filter, before }), AuditList, 'GET', signal),
    placeholderData: keepPreviousData,
    // A search may read every file. The newest events are in memory.
    refetchInterval: before || isNarrowed(filter) ? false : 15_000,
    retry,
  })
