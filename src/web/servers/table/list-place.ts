import type { QueryClient } from '@tanstack/react-query'
import { nothingSelected, type Selection } from './selection.ts'

/** Where a person was in the list when they left it. */
export interface ListPlace {
  /** The view as the address has it: a place in another view tells nothing. */
  view: string
  /** The row at the window's upper edge, and how far below the edge it began, px */
  row: { id: string; y: number } | null
  /** The row that the keys are at */
  current: string | null
  selection: Selection
}

/** Beside the list itself, so that both are forgotten when somebody else signs in. */
const queryKey = ['list-place']

/** The place in this view, or the beginning. */
export function placeIn(client: QueryClient, view: string): ListPlace {
  const place = client.getQueryData<ListPlace>(queryKey)
  return place?.view === view ? place : { view, row: null, current: null, selection: nothingSelected }
}

export function keepPlace(client: QueryClient, place: ListPlace): void {
  client.setQueryDefaults(queryKey, { gcTime: Number.POSITIVE_INFINITY })
  client.setQueryData(queryKey, place)
}
