import { createRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'
import { placeKinds } from './places.ts'
import { ServersPage } from './servers-page.tsx'
import { formatSort, parseSort } from './sort.ts'

const Search = z.object({ q: text(), sort: text(), region: text(), project: text(), enterprise: text() })
type Search = z.infer<typeof Search>

/** The start page, so that its code comes with the first load. */
export const serversRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: (search): Search => Search.parse(search),
  component: function Servers() {
    const { q = '', sort, ...places } = serversRoute.useSearch()
    const navigate = serversRoute.useNavigate()
    const show = (change: Search) =>
      void navigate({ search: (search) => ({ ...search, ...change }), replace: true })
    const everywhere = Object.fromEntries(placeKinds.map((kind) => [kind, undefined]))
    return (
      <ServersPage
        query={q}
        onQuery={(next) => show({ q: next || undefined })}
        sort={parseSort(sort)}
        onSort={(next) => show({ sort: next ? formatSort(next) : undefined })}
        places={places}
        onPlaces={show}
        onAll={() => show({ q: undefined, ...everywhere })}
      />
    )
  },
})
