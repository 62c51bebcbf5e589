import { useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { Film, FolderTree, LayoutGrid, ScrollText, Server, TextSearch } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { type CurrentUser, userMay } from '../../shared/user.ts'
import { aboutQuery, signInQuery } from '../api/queries.ts'

export type PageId = 'servers' | 'consoles' | 'search' | 'recordings' | 'audit' | 'projects'

export interface PageLink {
  id: PageId
  label: string
  Icon: typeof Film
  href: string
  /** What is chosen there */
  note?: string
}

/** The pages that this user may open, in the order of the navigation. */
export function usePages(user: CurrentUser | undefined): PageLink[] {
  const t = useTranslations('pages')
  const { data: signIn } = useQuery(signInQuery())
  const { data: about } = useQuery(aboutQuery())
  const here = useRouterState({ select: ({ location }) => location.href })
  if (!user) return []
  const projects = signIn?.state === 'signed-in' ? signIn.projects : null
  const page = (id: PageId, Icon: typeof Film, href: string, note?: string): PageLink => ({
    id,
    label: t(id),
    Icon,
    href,
    ...(note === undefined ? {} : { note }),
  })
  return [
    page('servers', Server, '/'),
    page('consoles', LayoutGrid, '/consoles'),
    ...(about?.log && userMay(user, 'read-log') ? [page('search', TextSearch, '/search')] : []),
    ...(about && about.recordings !== 'off' && userMay(user, 'read-recordings')
      ? [page('recordings', Film, '/recordings')]
      : []),
    ...(userMay(user, 'read-audit') ? [page('audit', ScrollText, '/audit')] : []),
    ...(projects
      ? [
          page(
            'projects',
            FolderTree,
            `/projects?${new URLSearchParams({ to: here })}`,
            t('chosen', { count: projects.length }),
          ),
        ]
      : []),
  ]
}
