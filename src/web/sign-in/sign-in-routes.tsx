import { createRoute } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import * as z from 'zod/mini'
import { Cause } from '../../shared/cause.ts'
import { useUser } from '../api/queries.ts'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'

const SignInPage = lazy(() => import('./sign-in-page.tsx'))
const ProjectsPage = lazy(() => import('./projects-page.tsx'))
const SignedInPage = lazy(() => import('./signed-in-page.tsx'))

/** `to`: the page to go back to afterwards. */
const Back = z.object({ to: text() })
const SignInSearch = z.extend(Back, { failed: z.catch(z.optional(Cause), undefined) })

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  staticData: { signedOut: 'stays' },
  validateSearch: (search): z.infer<typeof SignInSearch> => SignInSearch.parse(search),
  component: function SignIn() {
    const { to, failed } = signInRoute.useSearch()
    return (
      <Suspense>
        <SignInPage to={to} failed={failed} />
      </Suspense>
    )
  },
})

export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-in',
  component: function SignedIn() {
    const user = useUser()
    return (
      <Suspense>
        <SignedInPage signedIn={user !== undefined} />
      </Suspense>
    )
  },
})

export const projectsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects',
  validateSearch: (search): z.infer<typeof Back> => Back.parse(search),
  component: function Projects() {
    const { to } = projectsRoute.useSearch()
    return (
      <Suspense>
        <ProjectsPage to={to} />
      </Suspense>
    )
  },
})
