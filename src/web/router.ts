import { createRouter } from '@tanstack/react-router'
import { auditRoute } from './audit/audit-route.tsx'
import { base } from './base.ts'
import { consoleRoute } from './console/console-route.tsx'
import { consolesRoute } from './grid/consoles-route.tsx'
import { historyRoute } from './history/history-route.tsx'
import { searchRoute } from './history/search/search-route.tsx'
import { recordingRoute, recordingsRoute } from './recordings/recordings-routes.tsx'
import { rootRoute } from './root-route.tsx'
import { plainSearch } from './search-params.ts'
import { serverRoute } from './server-page/server-route.tsx'
import { serversRoute } from './servers/servers-route.tsx'
import { projectsRoute, signedInRoute, signInRoute } from './sign-in/sign-in-routes.tsx'

/** Every page. Each route, with its search parameters, lives beside its page. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    serversRoute,
    serverRoute,
    consoleRoute,
    consolesRoute,
    historyRoute,
    searchRoute,
    recordingsRoute,
    recordingRoute,
    signInRoute,
    signedInRoute,
    projectsRoute,
    auditRoute,
  ]),
  basepath: base || '/',
  ...plainSearch,
  defaultPreload: 'intent',
  // The list goes back to a row, wherever a refresh has put it.
  scrollRestoration: ({ location }) => location.pathname !== '/',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
