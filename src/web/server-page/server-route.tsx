import { createRoute } from '@tanstack/react-router'
import { rootRoute } from '../root-route.tsx'
import { part } from '../ui/part.tsx'

const ServerEntry = part(() => import('./server-entry.tsx'), <div className="curtain" />)

/** All that is known of one server. Its sections have anchors: `/servers/<id>#disks`. */
export const serverRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/servers/$serverId',
  staticData: { page: ServerEntry },
  component: function OneServer() {
    const { serverId } = serverRoute.useParams()
    return <ServerEntry key={serverId} serverId={serverId} />
  },
})
