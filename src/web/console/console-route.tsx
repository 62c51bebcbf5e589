import { createRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'
import { part } from '../ui/part.tsx'

const ConsoleEntry = part(() => import('./console-entry.tsx'), <div className="curtain" />)

/** The line that a link names: see `links/line-link.ts`. */
const LinkSearch = z.object({
  at: z.catch(z.optional(z.coerce.number().check(z.int(), z.gte(0))), undefined),
  session: text(),
})

export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId/console',
  validateSearch: (search): z.infer<typeof LinkSearch> => LinkSearch.parse(search),
  staticData: { page: ConsoleEntry, signedOut: 'keeps what it showed' },
  component: function Console() {
    const { serverId } = consoleRoute.useParams()
    const { at, session = null } = consoleRoute.useSearch()
    const link = at === undefined ? null : { at, session }
    return <ConsoleEntry key={serverId} serverId={serverId} link={link} />
  },
})
