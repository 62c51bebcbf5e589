import { Link, useRouterState } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import { useLastSearch } from './list-link.tsx'
import styles from './navigation.module.css'
import { type PageId, usePages } from './pages.ts'

/** On top of every page. The rest stands in the user's menu. */
const onTop: readonly PageId[] = ['servers', 'consoles', 'search', 'recordings', 'audit']

/** The pages of the product that this user may open. From elsewhere, the list is as it was left; in it, it is whole. */
export function Navigation() {
  const t = useTranslations('pages')
  const pages = usePages(useUser()).filter(({ id }) => onTop.includes(id))
  const elsewhere = useRouterState({ select: ({ location }) => location.pathname !== '/' })
  const last = useLastSearch()
  return (
    <nav className={styles.pages} aria-label={t('navigation')}>
      {pages.map(({ id, href, label }) => (
        <Link
          key={id}
          to={href}
          search={id === 'servers' && elsewhere ? last : {}}
          activeOptions={{ exact: id === 'servers', includeSearch: false }}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
