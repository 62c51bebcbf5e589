import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { rootRoute } from '../root-route.tsx'

const ConsolePage = lazy(() => import('./console-page.tsx'))

export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId/console',
  staticData: { signedOut: 'keeps what it showed' },
  component: function Console() {
    const { serverId } = consoleRoute.useParams()
    return (
      <Suspense fallback={<div className="curtain" />}>
        <ConsolePage key={serverId} serverId={serverId} />
      </Suspense>
    )
  },
})
