import { useEffect } from 'react'
import { systemClock } from '../../../shared/clock.ts'
import { linesOf } from '../links/lines-of.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import { MarkDrawing } from './mark-drawing.ts'

/** The marks beside the rows, and in the whole of the scrollback beside the scrollbar. */
export function RowMarks({ open }: { open: OpenConsole }) {
  const { marks } = useSession(open.session)
  useEffect(() => {
    if (!marks || marks.length === 0) return
    const drawing = new MarkDrawing(open.terminal, linesOf(open), marks, systemClock)
    return () => drawing.dispose()
  }, [open, marks])
  return null
}
