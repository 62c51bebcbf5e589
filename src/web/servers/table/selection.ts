/** The chosen servers, by their ids. */
export interface Selection {
  ids: ReadonlySet<string>
  /** Where a range begins: the row that was chosen or left out last */
  from: string | null
}

export const nothingSelected: Selection = { ids: new Set(), from: null }

/** Chooses the server, or leaves it out again. */
export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, from: id }
}

/**
 * Chooses all rows from where the range begins to this one. If that row was left out last, the whole range is left out.
 * @param order the ids as they are shown
 */
export function rangeTo({ ids, from }: Selection, order: readonly string[], id: string): Selection {
  const begin = from === null ? -1 : order.indexOf(from)
  const end = order.indexOf(id)
  if (begin < 0 || end < 0) return { ids: new Set(ids).add(id), from: id }
  const next = new Set(ids)
  const leavesOut = from !== null && !ids.has(from)
  for (const each of order.slice(Math.min(begin, end), Math.max(begin, end) + 1)) {
    if (leavesOut) next.delete(each)
    else next.add(each)
  }
  return { ids: next, from: id }
}

/** Chooses all shown rows, or none of them if all were chosen. What is not shown stays as it was. */
export function allToggled({ ids }: Selection, shown: readonly string[]): Selection {
  const next = new Set(ids)
  const all = shown.every((id) => ids.has(id))
  for (const id of shown) {
    if (all) next.delete(id)
    else next.add(id)
  }
  return { ids: next, from: null }
}

/** Which of the shown rows are chosen */
export function shareSelected({ ids }: Selection, shown: readonly { id: string }[]): 'none' | 'some' | 'all' {
  if (ids.size === 0) return 'none'
  let chosen = 0
  for (const { id } of shown) if (ids.has(id)) chosen++
  return chosen === 0 ? 'none' : chosen === shown.length ? 'all' : 'some'
}
