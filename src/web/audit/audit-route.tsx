import { createRoute, useLocation, useRouter } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { AuditAction, AuditCursor, AuditOutcome } from '../../shared/audit.ts'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'
import { part } from '../ui/part.tsx'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** How many steps back in the browser's history the newest page is. */
    auditDepth?: number
  }
}

const AuditPage = part(() => import('./audit-page.tsx'))

const moment = () => z.catch(z.optional(z.iso.datetime({ offset: true })), undefined)
const AuditSearch = z.object({
  user: text(),
  server: text(),
  action: z.catch(z.optional(AuditAction), undefined),
  outcome: z.catch(z.optional(AuditOutcome), undefined),
  from: moment(),
  to: moment(),
  before: z.catch(z.optional(AuditCursor), undefined),
})

export const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  staticData: { page: AuditPage },
  validateSearch: (search): z.infer<typeof AuditSearch> => AuditSearch.parse(search),
  component: function Audit() {
    const { before, ...filter } = auditRoute.useSearch()
    const navigate = auditRoute.useNavigate()
    const { history } = useRouter()
    const depth = useLocation({ select: ({ state }) => state.auditDepth ?? 0 })
    return (
      <AuditPage
        filter={filter}
        before={before}
        onNarrow={(change) =>
          void navigate({
            search: (search) => ({ ...search, ...change, before: undefined }),
            replace: true,
          })
        }
        onClear={() => void navigate({ search: {}, replace: true })}
        onOlder={(cursor) =>
          void navigate({
            search: { ...filter, before: cursor },
            state: (state) => ({ ...state, auditDepth: depth + 1 }),
          })
        }
        onNewer={() => (depth > 0 ? history.back() : void navigate({ search: filter }))}
      />
    )
  },
})
