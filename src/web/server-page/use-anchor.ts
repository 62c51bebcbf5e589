import { useEffect } from 'react'

/**
 * Goes to the section that the address names, once it is there: a browser looks for it while the page is still empty.
 * The section gets the focus, as it would from a browser.
 */
export function useAnchor(ready: boolean): void {
  useEffect(() => {
    if (!ready) return
    const id = decodeURIComponent(window.location.hash.slice(1))
    const section = id === '' ? null : document.getElementById(id)
    section?.scrollIntoView()
    section?.focus({ preventScroll: true })
  }, [ready])
}
