import { createRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { rootRoute } from '../root-route.tsx'
import { addressOf, TermsInAddress, termsOf } from '../search/terms-in-address.ts'
import { part } from '../ui/part.tsx'

const HistoryPage = part(() => import('./history-page.tsx'))

const HistorySearch = z.extend(TermsInAddress, {
  /** An offset in the log */
  from: z.catch(z.optional(z.coerce.number().check(z.int(), z.gte(0))), undefined),
  /** `last`, or 2 for the one before it, and so on */
  boot: z.catch(z.optional(z.string().check(z.regex(/^(?:last|[1-9]\d?|100)$/))), undefined),
})

export const historyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId/history',
  staticData: { page: HistoryPage },
  validateSearch: (search): z.infer<typeof HistorySearch> => HistorySearch.parse(search),
  component: function History() {
    const { serverId } = historyRoute.useParams()
    const { from, boot, ...search } = historyRoute.useSearch()
    const terms = termsOf(search)
    const navigate = historyRoute.useNavigate()
    return (
      <HistoryPage
        key={serverId}
        serverId={serverId}
        from={from}
        boot={from === undefined ? boot : undefined}
        terms={terms}
        onTerms={(next) => void navigate({ search: { from, boot, ...addressOf(next) }, replace: true })}
        onPlace={(place) =>
          void navigate({ search: { from: place ?? undefined, ...addressOf(terms) }, replace: true })
        }
      />
    )
  },
})
