import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { rootRoute } from '../../root-route.tsx'
import { addressOf, TermsInAddress, termsOf } from '../../search/terms-in-address.ts'

const SearchPage = lazy(() => import('./search-page.tsx'))

export const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/search',
  validateSearch: (search) => TermsInAddress.parse(search),
  component: function SearchLogs() {
    const terms = termsOf(searchRoute.useSearch())
    const navigate = searchRoute.useNavigate()
    return (
      <Suspense>
        <SearchPage
          terms={terms}
          onTerms={(next) => void navigate({ search: addressOf(next), replace: true })}
        />
      </Suspense>
    )
  },
})
