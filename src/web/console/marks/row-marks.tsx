import { useEffect } from 'react'
import { systemClock } from '../../../shared/clock.ts'
import { part } from '../../ui/part.tsx'
import { useDialog } from '../bar/use-dialog.tsx'
import { linesOf } from '../links/lines-of.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import type { MarkDrawing } from './mark-drawing.ts'

const MarkStrip = part(() => import('./mark-strip.tsx'))

/** The marks beside the rows, and in the whole of the scrollback beside the scrollbar. A click in the margin sets one. */
export function RowMarks({ open, serverId }: { open: OpenConsole; serverId: string }) {
  const { marks, may } = useSession(open.session)
  const { dialog, show } = useDialog(open, serverId)
  useEffect(() => {
    if (!marks || marks.length === 0) return
    let drawing: MarkDrawing | null = null
    let isGone = false
    import('./mark-drawing.ts').then(
      ({ MarkDrawing }) => {
        if (!isGone) drawing = new MarkDrawing(open.terminal, linesOf(open), marks, systemClock)
      },
      // The network is down. The next change of the marks asks again.
      () => {},
    )
    return () => {
      isGone = true
      drawing?.dispose()
    }
  }, [open, marks])
  return (
    <>
      {marks && may?.write !== false && <MarkStrip open={open} show={show} />}
      {dialog}
    </>
  )
}
