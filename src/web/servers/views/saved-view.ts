import type { Preferences } from '../../../shared/preferences.ts'
import { ListSearch, type ListView, searchOf, viewOf } from '../model/view.ts'

export type SavedView = Preferences['views'][number]

/** The view that was saved. What it has and this page does not know is passed over. */
export const viewOfSaved = ({ search }: SavedView): ListView => viewOf(ListSearch.parse(search))

/**
 * What a view is saved as: all that its address has.
 * @param listColumns the columns that this browser shows where the address names none, if they are not the usual ones
 */
export function searchToSave(view: ListView, listColumns: readonly string[] | null): SavedView['search'] {
  const search = searchOf({ ...view, columns: view.columns ?? listColumns })
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}

/** The saved view that the list shows now. */
export function shownOf(
  views: readonly SavedView[],
  view: ListView,
  listColumns: readonly string[] | null,
): SavedView | undefined {
  const keyOf = (each: ListView) => JSON.stringify(Object.entries(searchToSave(each, listColumns)).sort())
  const now = keyOf(view)
  return views.find((saved) => keyOf(viewOfSaved(saved)) === now)
}

/** The view that has this name, however it is written. */
export function namedLike(views: readonly SavedView[], name: string): SavedView | undefined {
  const plain = (text: string) => text.trim().toLocaleLowerCase()
  return views.find((view) => plain(view.name) === plain(name))
}

/** It tells views apart within one person's preferences, and works where a page is not on https, too. */
export const newViewId = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-')
