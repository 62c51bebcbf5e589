import { useEffect } from 'react'
import type { BarContext } from '../bar/bar-item.ts'
import { loadSheet } from './load-sheet.ts'

/** The keys of the page that count where they are no text: outside of the terminal, of fields, menus and dialogs. */
export function usePageKeys(show: BarContext['show']): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey } = event
      if (key !== '?' || ctrlKey || metaKey || altKey || event.defaultPrevented) return
      if (target instanceof Element && target.closest('input, textarea, select, dialog, [role="menu"]'))
        return
      event.preventDefault()
      show(loadSheet)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [show])
}
