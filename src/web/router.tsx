import { createRootRoute, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { ServersPage } from './servers/servers-page.tsx'
import { formatSort, parseSort } from './servers/sort.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const text = () => z.catch(z.optional(z.string()), undefined)
const Search = z.object({ q: text(), sort: text() })
type Search = z.infer<typeof Search>

const servers = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search): Search => Search.parse(search),
  component: function Servers() {
    const { q = '', sort } = servers.useSearch()
    const navigate = servers.useNavigate()
    const show = (change: Search) =>
      void navigate({ search: (search) => ({ ...search, ...change }), replace: true })
    return (
      <ServersPage
        query={q}
        onQuery={(next) => show({ q: next || undefined })}
        sort={parseSort(sort)}
        onSort={(next) => show({ sort: next ? formatSort(next) : undefined })}
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
      <Suspense fallback={<div className="curtain" />}>
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

function Shell() {
  const t = useTranslations('shell')
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
