import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import * as z from 'zod/mini'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'

const ConsoleEntry = lazy(() => import('./console-entry.tsx'))

/** The line that a link names: see `links/line-link.ts`. */
const LinkSearch = z.object({
  at: z.catch(z.optional(z.coerce.number().check(z.int(), z.gte(0))), undefined),
  session: text(),
})

export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId/console',
  validateSearch: (search): z.infer<typeof LinkSearch> => LinkSearch.parse(search),
  staticData: { signedOut: 'keeps what it showed' },
  component: function Console() {
    const { serverId } = consoleRoute.useParams()
    const { at, session = null } = consoleRoute.useSearch()
    const link = at === undefined ? null : { at, session }
    return (
      <Suspense fallback={<div className="curtain" />}>
        <ConsoleEntry key={serverId} serverId={serverId} link={link} />
      </Suspense>
    )
  },
})
