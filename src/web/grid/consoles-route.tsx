import { createRoute } from '@tanstack/react-router'
import { rootRoute } from '../root-route.tsx'
import { part } from '../ui/part.tsx'
import { addressOf, PanesInAddress, panesOf } from './panes.ts'

const ConsolesEntry = part(() => import('./consoles-entry.tsx'), <div className="curtain" />)

export const consolesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/consoles',
  staticData: { page: ConsolesEntry, signedOut: 'keeps what it showed' },
  validateSearch: (search): PanesInAddress => PanesInAddress.parse(search),
  component: function Consoles() {
    const panes = panesOf(consolesRoute.useSearch())
    const navigate = consolesRoute.useNavigate()
    return (
      <ConsolesEntry
        panes={panes}
        onPanes={(change) => void navigate({ search: addressOf({ ...panes, ...change }), replace: true })}
      />
    )
  },
})
