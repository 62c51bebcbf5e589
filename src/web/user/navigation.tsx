import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import styles from './navigation.module.css'
import { type PageId, usePages } from './pages.ts'

/** On top of every page. The rest stands in the user's menu. */
const onTop: readonly PageId[] = ['servers', 'consoles', 'search', 'recordings', 'audit']

/** The pages of the product that this user may open. */
export function Navigation() {
  const t = useTranslations('pages')
  const pages = usePages(useUser()).filter(({ id }) => onTop.includes(id))
  return (
    <nav className={styles.pages} aria-label={t('navigation')}>
      {pages.map(({ id, href, label }) => (
        <Link key={id} to={href} activeOptions={{ exact: id === 'servers', includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
