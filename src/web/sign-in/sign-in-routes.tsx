import { createRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { Cause } from '../../shared/cause.ts'
import { useUser } from '../api/queries.ts'
import { rootRoute } from '../root-route.tsx'
import { text } from '../search-params.ts'
import { part } from '../ui/part.tsx'

const SignInPage = part(() => import('./sign-in-page.tsx'))
const ProjectsPage = part(() => import('./projects-page.tsx'))
const SignedInPage = part(() => import('./signed-in-page.tsx'))

/** `to`: the page to go back to afterwards. */
const Back = z.object({ to: text() })
const SignInSearch = z.extend(Back, { failed: z.catch(z.optional(Cause), undefined) })

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  staticData: { page: SignInPage, signedOut: 'stays' },
  validateSearch: (search): z.infer<typeof SignInSearch> => SignInSearch.parse(search),
  component: function SignIn() {
    const { to, failed } = signInRoute.useSearch()
    return <SignInPage to={to} failed={failed} />
  },
})

export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-in',
  staticData: { page: SignedInPage },
  component: function SignedIn() {
    const user = useUser()
    return <SignedInPage signedIn={user !== undefined} />
  },
})

export const projectsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects',
  staticData: { page: ProjectsPage },
  validateSearch: (search): z.infer<typeof Back> => Back.parse(search),
  component: function Projects() {
    const { to } = projectsRoute.useSearch()
    return <ProjectsPage to={to} />
  },
})
