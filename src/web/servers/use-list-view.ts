import { useCallback, useEffect, useRef, useState } from 'react'
import { type ChangeView, type ListSearch, type ListView, searchOf, viewOf } from './model/view.ts'

/** Who types or clicks sees the change first: to write the address takes longer than to draw the rows. */
const ADDRESS_MS = 60

interface ShownView {
  view: ListView
  show: ChangeView
  /** The search has just changed, and the address not yet. */
  typing: boolean
}

/**
 * The view of the address, which follows what a person chooses. The page shows a choice at once.
 * @param write puts the view into the address
 */
export function useListView(search: ListSearch, write: (search: ListSearch) => void): ShownView {
  const address = JSON.stringify(searchOf(viewOf(search)))
  const [state, setState] = useState({ view: viewOf(search), typing: false, address, written: address })
  let { view } = state
  if (address !== state.address) {
    // An address that was not written here was asked for: by a link, or by the browser's back button.
    if (address !== state.written) view = viewOf(search)
    setState({ ...state, view, address })
  }
  const latest = useRef({ view, write })
  useEffect(() => {
    latest.current = { view, write }
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const show = useCallback<ChangeView>((change) => {
    const before = latest.current.view
    const next = { ...before, ...change }
    // Another change may come before this one is drawn.
    latest.current.view = next
    // Other changes are drawn as a whole: a saved view brings a search, too.
    const typing = change.query !== undefined && Object.keys(change).length === 1
    setState((state) => ({ ...state, view: next, typing }))
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const wanted = searchOf(next)
      setState((state) => ({ ...state, typing: false, written: JSON.stringify(wanted) }))
      latest.current.write(wanted)
    }, ADDRESS_MS)
  }, [])
  return { view, show, typing: state.typing }
}
