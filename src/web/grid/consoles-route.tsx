import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { rootRoute } from '../root-route.tsx'
import { addressOf, PanesInAddress, panesOf } from './panes.ts'

const ConsolesEntry = lazy(() => import('./consoles-entry.tsx'))

export const consolesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/consoles',
  staticData: { signedOut: 'keeps what it showed' },
  validateSearch: (search): PanesInAddress => PanesInAddress.parse(search),
  component: function Consoles() {
    const panes = panesOf(consolesRoute.useSearch())
    const navigate = consolesRoute.useNavigate()
    return (
      <Suspense fallback={<div className="curtain" />}>
        <ConsolesEntry
          panes={panes}
          onPanes={(change) => void navigate({ search: addressOf({ ...panes, ...change }), replace: true })}
        />
      </Suspense>
    )
  },
})
