import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { rootRoute } from '../root-route.tsx'

const ConsoleEntry = lazy(() => import('./console-entry.tsx'))

export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId/console',
  staticData: { signedOut: 'keeps what it showed' },
  component: function Console() {
    const { serverId } = consoleRoute.useParams()
    return (
      <Suspense fallback={<div className="curtain" />}>
        <ConsoleEntry key={serverId} serverId={serverId} />
      </Suspense>
    )
  },
})
