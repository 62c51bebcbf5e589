import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import * as z from 'zod/mini'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'

const RecordingsPage = lazy(() => import('./recordings-page.tsx'))
const RecordingPage = lazy(() => import('./recording-page.tsx'))

const RecordingsSearch = z.object({
  q: text(),
  server: text(),
  page: z.catch(z.optional(z.coerce.number().check(z.int(), z.gte(1))), undefined),
})

export const recordingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recordings',
  validateSearch: (search): z.infer<typeof RecordingsSearch> => RecordingsSearch.parse(search),
  component: function Recordings() {
    const { q = '', server = '', page = 1 } = recordingsRoute.useSearch()
    const navigate = recordingsRoute.useNavigate()
    return (
      <Suspense>
        <RecordingsPage
          shown={{ q, server, page }}
          onShow={({ q, server, page }) =>
            void navigate({
              search: { q: q || undefined, server: server || undefined, page: page > 1 ? page : undefined },
              replace: true,
            })
          }
        />
      </Suspense>
    )
  },
})

const RecordingSearch = z.object({
  q: text(),
  /** Seconds from the recording's start */
  t: z.catch(z.optional(z.coerce.number().check(z.gte(0))), undefined),
})

export const recordingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recordings/$recordingId',
  validateSearch: (search): z.infer<typeof RecordingSearch> => RecordingSearch.parse(search),
  component: function Recording() {
    const { recordingId } = recordingRoute.useParams()
    const { q = '', t = 0 } = recordingRoute.useSearch()
    const navigate = recordingRoute.useNavigate()
    return (
      <Suspense>
        <RecordingPage
          key={recordingId}
          id={recordingId}
          query={q}
          second={t}
          onShow={(query, second) =>
            void navigate({ search: { q: query || undefined, t: second || undefined }, replace: true })
          }
        />
      </Suspense>
    )
  },
})
