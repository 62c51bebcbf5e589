import { createRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { rootRoute } from '../root-route.tsx'
import { addressOf, TermsInAddress, termsOf } from '../search/terms-in-address.ts'
import { text } from '../search-params.ts'
import { part } from '../ui/part.tsx'

const RecordingsPage = part(() => import('./recordings-page.tsx'))
const RecordingPage = part(() => import('./recording-page.tsx'))

const RecordingsSearch = z.extend(TermsInAddress, {
  server: text(),
  page: z.catch(z.optional(z.coerce.number().check(z.int(), z.gte(1))), undefined),
})

export const recordingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recordings',
  staticData: { page: RecordingsPage },
  validateSearch: (search): z.infer<typeof RecordingsSearch> => RecordingsSearch.parse(search),
  component: function Recordings() {
    const { server = '', page = 1, ...search } = recordingsRoute.useSearch()
    const navigate = recordingsRoute.useNavigate()
    return (
      <RecordingsPage
        shown={{ server, page, terms: termsOf(search) }}
        onShow={({ server, page, terms }) =>
          void navigate({
            search: {
              ...addressOf(terms),
              server: server || undefined,
              page: page > 1 ? page : undefined,
            },
            replace: true,
          })
        }
      />
    )
  },
})

const RecordingSearch = z.extend(TermsInAddress, {
  /** Seconds from the recording's start */
  t: z.catch(z.optional(z.coerce.number().check(z.gte(0))), undefined),
})

export const recordingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recordings/$recordingId',
  staticData: { page: RecordingPage },
  validateSearch: (search): z.infer<typeof RecordingSearch> => RecordingSearch.parse(search),
  component: function Recording() {
    const { recordingId } = recordingRoute.useParams()
    const { t = 0, ...search } = recordingRoute.useSearch()
    const navigate = recordingRoute.useNavigate()
    return (
      <RecordingPage
        key={recordingId}
        id={recordingId}
        terms={termsOf(search)}
        second={t}
        onShow={(terms, second) =>
          void navigate({ search: { t: second || undefined, ...addressOf(terms) }, replace: true })
        }
      />
    )
  },
})
