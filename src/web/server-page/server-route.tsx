import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { rootRoute } from '../root-route.tsx'

const ServerEntry = lazy(() => import('./server-entry.tsx'))

/** All that is known of one server. Its sections have anchors: `/servers/<id>#disks`. */
export const serverRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId',
  component: function OneServer() {
    const { serverId } = serverRoute.useParams()
    return (
      <Suspense fallback={<div className="curtain" />}>
        <ServerEntry key={serverId} serverId={serverId} />
      </Suspense>
    )
  },
})
