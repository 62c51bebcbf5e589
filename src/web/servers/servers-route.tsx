import { createRoute } from '@tanstack/react-router'
import { rootRoute } from '../root-route.tsx'
import { ListSearch } from './model/view.ts'
import { ServersPage } from './servers-page.tsx'
import { useListView } from './use-list-view.ts'

/** The start page, so that its code comes with the first load. */
export const serversRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: (search): ListSearch => ListSearch.parse(search),
  component: function Servers() {
    const search = serversRoute.useSearch()
    const navigate = serversRoute.useNavigate()
    const { view, show, typing } = useListView(
      search,
      (next) => void navigate({ search: next, replace: true, resetScroll: false }),
    )
    return <ServersPage view={view} onView={show} typing={typing} />
  },
})
