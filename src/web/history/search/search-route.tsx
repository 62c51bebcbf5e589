import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import * as z from 'zod/mini'
import { rootRoute } from '../../root-route.tsx'
import { text } from '../../search-params.ts'
import { spans } from './terms.ts'

const SearchPage = lazy(() => import('./search-page.tsx'))

const flag = () => z.catch(z.optional(z.literal('true')), undefined)
const Search = z.object({
  q: text(),
  case: flag(),
  regex: flag(),
  span: z.catch(z.optional(z.enum(spans)), undefined),
})

export const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/search',
  validateSearch: (search): z.infer<typeof Search> => Search.parse(search),
  component: function SearchLogs() {
    const { q = '', case: matchCase, regex, span = 'all' } = searchRoute.useSearch()
    const navigate = searchRoute.useNavigate()
    return (
      <Suspense>
        <SearchPage
          terms={{ text: q, matchCase: matchCase === 'true', regex: regex === 'true', span }}
          onTerms={({ text, matchCase, regex, span }) =>
            void navigate({
              search: {
                q: text || undefined,
                case: matchCase ? 'true' : undefined,
                regex: regex ? 'true' : undefined,
                span: span === 'all' ? undefined : span,
              },
              replace: true,
            })
          }
        />
      </Suspense>
    )
  },
})
