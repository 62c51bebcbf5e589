import type { Only } from '../model/view.ts'

/** The servers of a part of the list that is the person's own, in their order. */
export interface Pins {
  only: Only | null
  /** The preferences have been read. */
  known: boolean
  ids: readonly string[]
}

/**
 * What the list shows after preferences changed. New ones come first. One that is no favourite any more stays until the
 * part is chosen again: nothing moves under the pointer, and a slip is undone where it happened.
 * @returns the same object if nothing changed
 */
export function pinned(before: Pins, { only, known, ids }: Pins): Pins {
  if (before.only !== only || before.known !== known) return { only, known, ids }
  const added = ids.filter((id) => !before.ids.includes(id))
  return added.length === 0 ? before : { only, known, ids: [...added, ...before.ids] }
}

/** How many servers are a click away. The others are behind the buttons. */
const MOST_SHORTCUTS = 16

/** The favourites, then what was opened lately and is none of them. */
export function shortcuts(
  favourites: readonly string[],
  recent: readonly string[],
): { id: string; favourite: boolean }[] {
  return [
    ...favourites.map((id) => ({ id, favourite: true })),
    ...recent.filter((id) => !favourites.includes(id)).map((id) => ({ id, favourite: false })),
  ].slice(0, MOST_SHORTCUTS)
}
