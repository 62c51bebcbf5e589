import * as z from 'zod/mini'
import { text } from '../../search-params.ts'
import { type Choice, facets } from './facets.ts'
import { formatSort, parseSort, type Sort } from './sort.ts'

const Only = z.enum(['favourites', 'recent'])
export type Only = z.infer<typeof Only>

/** What a list shows, and how: all of it is in the address. */
export interface ListView {
  /** Only the person's favourites, or what they opened lately */
  only: Only | null
  query: string
  facets: Choice
  /** The first column counts most. None: the cloud's order */
  sort: readonly Sort[]
  /** Names of columns in their order. null: those that the table shows by itself */
  columns: readonly string[] | null
}

/** Shows another view: the one of now with these changes. It stays the same function. */
export type ChangeView = (change: Partial<ListView>) => void

export const wholeList: ListView = { only: null, query: '', facets: {}, sort: [], columns: null }

/** A view as the address has it. */
export const ListSearch = z.object({
  only: z.catch(z.optional(Only), undefined),
  q: text(),
  sort: text(),
  columns: text(),
  status: text(),
  power: text(),
  system: text(),
  zone: text(),
  flavor: text(),
  tag: text(),
  project: text(),
  region: text(),
  enterprise: text(),
})
export type ListSearch = z.infer<typeof ListSearch>

export function viewOf(search: ListSearch): ListView {
  const chosen = facets.flatMap((facet) => {
    const values = parseValues(search[facet] ?? '')
    return values.length === 0 ? [] : [[facet, values] as const]
  })
  const columns = parseValues(search.columns ?? '')
  return {
    only: search.only ?? null,
    query: search.q ?? '',
    facets: Object.fromEntries(chosen),
    sort: parseSort(search.sort ?? ''),
    columns: columns.length === 0 ? null : columns,
  }
}

/** Absent parameters are undefined, so that the router takes away what the address had. */
export function searchOf(view: ListView): ListSearch {
  const chosen = facets.map((facet) => [facet, formatValues(view.facets[facet] ?? []) || undefined])
  return {
    ...Object.fromEntries(chosen),
    only: view.only ?? undefined,
    q: view.query || undefined,
    sort: formatSort(view.sort) || undefined,
    columns: formatValues(view.columns ?? []) || undefined,
  }
}

/** A comma in a value has a backslash before it, and so has a backslash. */
const formatValues = (values: readonly string[]) =>
  values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(',')

function parseValues(text: string): string[] {
  const parts = text.match(/(?:\\.|[^,\\])+/gs) ?? []
  return [...new Set(parts.map((part) => part.replace(/\\(.)/gs, '$1')))]
}

/** Whether the view shows a part of the servers, rather than all of them. */
export const isNarrowed = ({ only, query, facets }: ListView) =>
  only !== null || query.trim() !== '' || Object.keys(facets).length > 0
