import { createRootRoute, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { Cause } from '../shared/cause.ts'
import { useUser } from './api/queries.ts'
import { placeKinds } from './servers/places.ts'
import { ServersPage } from './servers/servers-page.tsx'
import { formatSort, parseSort } from './servers/sort.ts'
import { useSignInGate } from './sign-in/gate.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const text = () => z.catch(z.optional(z.string()), undefined)
const Search = z.object({ q: text(), sort: text(), region: text(), project: text(), enterprise: text() })
type Search = z.infer<typeof Search>

const servers = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search): Search => Search.parse(search),
  component: function Servers() {
    const { q = '', sort, ...places } = servers.useSearch()
    const navigate = servers.useNavigate()
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

const ConsolePage = lazy(() => import('./console/console-page.tsx'))

const console = createRoute({
  getParentRoute: () => root,
  path: '/servers/$serverId/console',
  staticData: { signedOut: 'keeps what it showed' },
  component: function Console() {
    const { serverId } = console.useParams()
    return (
      <Suspense fallback={<div className="curtain" />}>
        <ConsolePage key={serverId} serverId={serverId} />
      </Suspense>
    )
  },
})

const RecordingsPage = lazy(() => import('./recordings/recordings-page.tsx'))
const RecordingPage = lazy(() => import('./recordings/recording-page.tsx'))

const whole = z.catch(z.optional(z.number().check(z.int(), z.gte(1))), undefined)
const RecordingsSearch = z.object({ q: text(), server: text(), page: whole })
type RecordingsSearch = z.infer<typeof RecordingsSearch>

const recordings = createRoute({
  getParentRoute: () => root,
  path: '/recordings',
  validateSearch: (search): RecordingsSearch => RecordingsSearch.parse(search),
  component: function Recordings() {
    const { q = '', server = '', page = 1 } = recordings.useSearch()
    const navigate = recordings.useNavigate()
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
  t: z.catch(z.optional(z.number().check(z.gte(0))), undefined),
})
type RecordingSearch = z.infer<typeof RecordingSearch>

const recording = createRoute({
  getParentRoute: () => root,
  path: '/recordings/$recordingId',
  validateSearch: (search): RecordingSearch => RecordingSearch.parse(search),
  component: function Recording() {
    const { recordingId } = recording.useParams()
    const { q = '', t = 0 } = recording.useSearch()
    const navigate = recording.useNavigate()
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

const SignInPage = lazy(() => import('./sign-in/sign-in-page.tsx'))
const ProjectsPage = lazy(() => import('./sign-in/projects-page.tsx'))
const SignedInPage = lazy(() => import('./sign-in/signed-in-page.tsx'))

const Back = z.object({ to: text() })
const SignInSearch = z.extend(Back, { failed: z.catch(z.optional(Cause), undefined) })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  staticData: { signedOut: 'stays' },
  validateSearch: (search): z.infer<typeof SignInSearch> => SignInSearch.parse(search),
  component: function SignIn() {
    const { to, failed } = signIn.useSearch()
    return (
      <Suspense>
        <SignInPage to={to} failed={failed} />
      </Suspense>
    )
  },
})

const signedIn = createRoute({
  getParentRoute: () => root,
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

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  validateSearch: (search): z.infer<typeof Back> => Back.parse(search),
  component: function Projects() {
    const { to } = projects.useSearch()
    return (
      <Suspense>
        <ProjectsPage to={to} />
      </Suspense>
    )
  },
})

export const router = createRouter({
  routeTree: root.addChildren([servers, console, recordings, recording, signIn, signedIn, projects]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function Shell() {
  const t = useTranslations('shell')
  useSignInGate()
  return (
    <>
      <a className="skip button" href="#content">
        {t('skip')}
      </a>
      <Outlet />
    </>
  )
}

function NotFound() {
  const t = useTranslations('shell')
  useEffect(() => {
    document.title = `${t('notFound')} · BMS Console`
  }, [t])
  return (
    <main className="empty curtain" id="content">
      <Unplug size={28} strokeWidth={1.5} aria-hidden />
      <h1>{t('notFound')}</h1>
      <p>{t('notFoundNext')}</p>
      <Link to="/" className="button">
        {t('toList')}
      </Link>
    </main>
  )
}
