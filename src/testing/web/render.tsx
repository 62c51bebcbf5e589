import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  type AnyRoute,
  createMemoryHistory,
  createRootRoute,
  createRouter,
  type RouterHistory,
  RouterProvider,
} from '@tanstack/react-router'
import { act, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { signInQuery } from '../../web/api/queries.ts'
import { createQueryClient } from '../../web/api/query-client.ts'
import { en } from '../../web/locales/en.ts'
import { MoreWords } from '../../web/locales/more-words.tsx'
import { WordsProvider } from '../../web/locales/words-provider.tsx'
import { router as product } from '../../web/router.ts'
import { plainSearch } from '../../web/search-params.ts'

/** Opens a page of the product at this path, as a person would by the address bar. */
export function openPage(path: string) {
  return show(product.routeTree, path, createQueryClient())
}

/** Draws one part of a page with what every part finds around it: words, a router, and who is signed in. */
export async function draw(part: ReactNode) {
  const client = createQueryClient()
  await client.prefetchQuery(signInQuery())
  return show(createRootRoute({ component: () => part }), '/', client)
}

async function show(routeTree: AnyRoute, path: string, client: QueryClient) {
  const history: RouterHistory = createMemoryHistory({ initialEntries: [path] })
  const router = createRouter({ routeTree, history, ...plainSearch })
  const user = userEvent.setup()
  const view = render(
    <WordsProvider first={{ language: 'en', words: en }}>
      <MoreWords english={en}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MoreWords>
    </WordsProvider>,
  )
  await act(() => router.load())
  return {
    ...view,
    user,
    /** Where the page is: path and search. */
    address: () => router.state.location.href,
    back: () => act(() => history.back()),
  }
}
