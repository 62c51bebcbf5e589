import { useEffect, useRef } from 'react'
import { commandOf, type ListCommand } from './keys.ts'

/** The keys of the list work wherever nobody types, and no dialog or menu is open. */
export function useListKeys(run: (command: ListCommand) => void): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    let before: string | null = null
    const onKey = (event: KeyboardEvent) => {
      const { target, key, isComposing, defaultPrevented } = event
      const last = before
      before = key
      if (!(target instanceof Element) || isComposing || defaultPrevented) return
      if (
        target.closest(
          'input:not([type="checkbox"]), textarea, select, dialog, [role="dialog"], [role="menu"]',
        )
      )
        return
      const command = commandOf(event, target.closest('[data-id]') !== null, last)
      if (!command) return
      // The second `g` of two ends them.
      before = null
      event.preventDefault()
      latest.current(command)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
