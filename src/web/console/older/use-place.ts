import { type CSSProperties, useLayoutEffect, useState } from 'react'
import type { ConsoleTerminal } from '../terminal/terminal.ts'

/** Where the terminal's rows are, and how they look */
export interface Place {
  /** Rows in view, and the columns of each */
  rows: number
  columns: number
  rowPx: number
  style: CSSProperties
}

/** The terminal moves when the window gets another size, the keypad opens, or the text does: this follows. */
export function usePlace(terminal: ConsoleTerminal): Place {
  const [place, setPlace] = useState(() => placeOf(terminal))
  useLayoutEffect(() => {
    const look = () => {
      const next = placeOf(terminal)
      setPlace((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next))
    }
    const observer = new ResizeObserver(look)
    for (const element of [terminal.screen.element, terminal.frame.place, sectionOf(terminal)])
      if (element) observer.observe(element)
    const stop = terminal.screen.onDrawn(look)
    look()
    return () => {
      observer.disconnect()
      stop()
    }
  }, [terminal])
  return place
}

const sectionOf = (terminal: ConsoleTerminal) => terminal.frame.place.closest('section')

/** The part of the terminal's rows that can be seen: one of a fixed size may be larger than its place. */
function placeOf(terminal: ConsoleTerminal): Place {
  const { size, screen, frame } = terminal
  const { fontSize, fontFamily, background, foreground } = screen.look
  const { area } = screen
  const seen = frame.place.getBoundingClientRect()
  // The terminal's section and the view have one parent.
  const within = sectionOf(terminal)?.parentElement?.getBoundingClientRect()
  const rowPx = area && area.height > 0 ? area.height / size.rows : 22
  const top = Math.max(area?.top ?? 0, seen.top)
  const bottom = Math.min(area?.bottom ?? 0, seen.bottom)
  const isWhole = bottom <= top || bottom - top >= rowPx * size.rows - 1
  const rows = isWhole ? size.rows : Math.max(1, Math.floor((bottom - top) / rowPx))
  const left = Math.max(0, (area?.left ?? 0) - (within?.left ?? 0))
  const style = {
    top: `${top - (within?.top ?? 0)}px`,
    height: `${rowPx * rows}px`,
    background,
    color: foreground,
    '--log-font': `${fontSize}px / ${rowPx}px ${fontFamily}`,
    '--log-left': `${left}px`,
    '--log-below': `${Math.max(0, seen.bottom - bottom)}px`,
  } as CSSProperties
  return { rows, columns: size.cols, rowPx, style }
}
