import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import { useFadingEdges } from '../ui/fading-edges.ts'
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
  const nav = useRef<HTMLElement>(null)
  const here = useRouterState({ select: ({ location }) => location.pathname })
  const count = pages.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: which page is the present one follows from them
  useEffect(() => {
    const [bar, link] = [nav.current, nav.current?.querySelector('[aria-current]')]
    // Where there is no room for all, the present one is in sight. Only the bar moves, not the page.
    if (bar && link instanceof HTMLElement)
      bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2
  }, [here, count])
  useFadingEdges(nav, 'x', count)
  return (
    <nav ref={nav} className={styles.pages} aria-label={t('navigation')}>
      {pages.map(({ id, href, label, Icon }) => (
        <Link
          key={id}
          to={href}
          search={id === 'servers' && elsewhere ? last : {}}
          activeOptions={{ exact: id === 'servers', includeSearch: false }}
        >
          <Icon size={18} aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  )
}
