import { type ReactNode, useEffect, useRef } from 'react'
import styles from './console.module.css'
import type { OpenConsole } from './use-console.ts'

/**
 * What lies over the terminal: notices, cards and short sentences. It never changes the terminal's size, since a machine
 * hears nothing of a new one. It lies at the edge where the cursor is not, and stays there while a notice, a card or the search shows.
 */
export function Over({ open, children }: { open: OpenConsole | null; children: ReactNode }) {
  const over = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // What came before the first output cannot know where that begins.
    let placed = false
    return open?.terminal.onWritten(() => {
      const place = over.current
      if (!place || (placed && place.querySelector(':scope .notice, :scope > :is(section, search)'))) return
      placed = true
      place.dataset.edge = open.terminal.cursorIsHigh ? 'bottom' : 'top'
    })
  }, [open])
  return (
    <div className={styles.over} ref={over} data-edge="top">
      {children}
    </div>
  )
}
