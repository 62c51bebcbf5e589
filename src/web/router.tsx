import { createRootRoute, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { ServersPage } from './servers/servers-page.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
const Search = z.object({ q: z.catch(z.optional(z.string()), undefined) })

const servers = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search): { q?: string | undefined } => Search.parse(search),
  component: function Servers() {
    const { q = '' } = servers.useSearch()
    const navigate = servers.useNavigate()
    return (
      <ServersPage
        query={q}
        onQuery={(next) => void navigate({ search: next ? { q: next } : {}, replace: true })}
      />
    )
  },
})

const ConsolePage = lazy(() => import('./console/console-page.tsx'))

const console = createRoute({
  getParentRoute: () => root,
  path: '/servers/$serverId/console',
  component: function Console() {
    const { serverId } = console.useParams()
    return (
      <Suspense>
        <ConsolePage key={serverId} serverId={serverId} />
      </Suspense>
    )
  },
})

export const router = createRouter({
  routeTree: root.addChildren([servers, console]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function NotFound() {
  const t = useTranslations('shell')
  return (
    <main className="lost">
      <h1>{t('notFound')}</h1>
      <Link to="/">{t('toList')}</Link>
    </main>
  )
}
