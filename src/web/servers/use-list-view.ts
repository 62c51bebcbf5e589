import { useEffect, useRef, useState } from 'react'
import { type ListSearch, type ListView, searchOf, viewOf } from './model/view.ts'

/** Who types sees each key's change first: to write the address takes longer than to draw the rows. */
const TYPING_MS = 60

/**
 * The view of the address, which follows what a person chooses. The page shows a choice at once.
 * @param write puts the view into the address
 */
export function useListView(
  search: ListSearch,
  write: (search: ListSearch) => void,
): [view: ListView, show: (view: ListView) => void] {
  const address = JSON.stringify(searchOf(viewOf(search)))
  const [state, setState] = useState({ view: viewOf(search), address, written: address })
  let { view } = state
  if (address !== state.address) {
    // An address that was not written here was asked for: by a link, or by the browser's back button.
    if (address !== state.written) view = viewOf(search)
    setState({ ...state, view, address })
  }
  const latest = useRef(write)
  useEffect(() => {
    latest.current = write
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const show = (next: ListView) => {
    setState((before) => ({ ...before, view: next }))
    clearTimeout(timer.current)
    timer.current = setTimeout(
      () => {
        const wanted = searchOf(next)
        setState((before) => ({ ...before, written: JSON.stringify(wanted) }))
        latest.current(wanted)
      },
      next.query === view.query ? 0 : TYPING_MS,
    )
  }
  return [view, show]
}
