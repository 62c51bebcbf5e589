import { createRoute } from '@tanstack/react-router'
import { rootRoute } from '../../root-route.tsx'
import { addressOf, TermsInAddress, termsOf } from '../../search/terms-in-address.ts'
import { part } from '../../ui/part.tsx'

const SearchPage = part(() => import('./search-page.tsx'))

export const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/search',
  staticData: { page: SearchPage },
  validateSearch: (search) => TermsInAddress.parse(search),
  component: function SearchLogs() {
    const terms = termsOf(searchRoute.useSearch())
    const navigate = searchRoute.useNavigate()
    return (
      <SearchPage
        terms={terms}
        onTerms={(next) => void navigate({ search: addressOf(next), replace: true })}
      />
    )
  },
})
