import { type RefObject, useEffect } from 'react'
import { focusAndSelect } from './focus.ts'

/**
 * Makes `/` go to the search, as in most lists on the web.
 * @param find Ctrl+F does so, too: for text that the browser cannot find, since it is not on the page. In the search it
 * stays the browser's.
 */
export function useSearchKey(input: RefObject<HTMLInputElement | null>, find = false): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey } = event
      const typing = target instanceof HTMLElement && target.matches('input, textarea, select')
      const isSlash = key === '/' && !typing && !ctrlKey && !metaKey && !altKey
      const isFind = find && key === 'f' && ctrlKey !== metaKey && !altKey && target !== input.current
      if (!input.current || !(isSlash || isFind)) return
      event.preventDefault()
      focusAndSelect(input.current)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [input, find])
}
