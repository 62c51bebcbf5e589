import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** What the list shows, as its address has it */
type Search = Record<string, string | undefined>

/** Beside the list itself, so that both are forgotten when somebody else signs in. */
const queryKey = ['list-search']

/** Notes what the list shows, for the way back to it. */
export function keepSearch(client: QueryClient, search: Search): void {
  client.setQueryDefaults(queryKey, { gcTime: Number.POSITIVE_INFINITY })
  client.setQueryData(queryKey, search)
}

interface ListLinkProps {
  id?: string
  className: string | undefined
  /** For an icon alone */
  title?: string
  children: ReactNode
}

/** What the list showed last. */
export const useLastSearch = (): Search => useQueryClient().getQueryData<Search>(queryKey) ?? {}

/** Leads to the list as it was left: the same search, and so the same row. */
export function ListLink({ title, ...rest }: ListLinkProps) {
  const search = useLastSearch()
  return (
    <Link {...rest} {...(title === undefined ? {} : { title, 'aria-label': title })} to="/" search={search} />
  )
}
