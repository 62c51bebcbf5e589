import { Copy } from 'lucide-react'
import { type PointerEvent, useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { copyText } from '../../ui/clipboard.ts'
import { keepFocus } from '../bar/bar-button.tsx'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import { bindTouch } from './bind-touch.ts'
import type { Point } from './gestures.ts'
import { KeptRows } from './kept-rows.ts'
import { screenKeyboard } from './screen-keyboard.ts'
import styles from './touch.module.css'
import { type Edge, TouchSelection } from './touch-selection.ts'
import { TouchSurface } from './touch-surface.ts'

export interface TouchToolsProps {
  terminal: ConsoleTerminal
  /** Shows one short sentence about what was copied. */
  announce: (sentence: string) => void
}

/** Lets fingers scroll and select, and shows what can be done with what they have selected. */
export default function TouchTools({ terminal, announce }: TouchToolsProps) {
  const t = useTranslations('console')
  const [{ surface, selection }] = useState(() => {
    const surface = terminal.inspect((term) => new TouchSurface(term, terminal.frame.place))
    return { surface, selection: new TouchSelection(surface) }
  })
  useEffect(() => {
    const unbind = bindTouch(terminal.frame.place, surface, selection)
    const stop = surface.onChanged(() => selection.look())
    return () => {
      unbind()
      stop()
    }
  }, [terminal, surface, selection])
  useEffect(() => {
    const rows = new KeptRows(terminal)
    const stop = screenKeyboard.add(rows)
    return () => {
      stop()
      rows.dispose()
    }
  }, [terminal])
  const state = useSyncExternalStore(selection.subscribe, selection.state)
  if (state.kind === 'none') return null
  const { start, end, rowHeight } = state
  const copy = async () => {
    const copied = await copyText(terminal.selection)
    announce(t(copied ? 'copied' : 'copyBlocked'))
    if (copied) selection.dismiss()
  }
  return (
    <>
      <Handle edge="start" at={start} rowHeight={rowHeight} selection={selection} />
      <Handle edge="end" at={end} rowHeight={rowHeight} selection={selection} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
      <div
        className={styles.tools}
        role="group"
        aria-label={t('touch.selection')}
        style={placeOf(start, end, rowHeight)}
      >
        <button type="button" onMouseDown={keepFocus} onClick={() => void copy()}>
          <Copy size={16} aria-hidden />
          {t('touch.copy')}
        </button>
        <button type="button" onMouseDown={keepFocus} onClick={() => selection.all()}>
          {t('touch.all')}
        </button>
      </div>
    </>
  )
}

interface HandleProps {
  edge: Edge
  at: Point | null
  rowHeight: number
  selection: TouchSelection
}

/** One end of the selection, to be dragged. The finger covers it, so what is meant is the row above the finger. */
function Handle({ edge, at, rowHeight, selection }: HandleProps) {
  const [from, setFrom] = useState<Point | null>(null)
  if (!at && !from) return null
  const to = ({ clientX, clientY }: PointerEvent): Point => ({
    x: clientX - (from?.x ?? 0),
    y: clientY - (from?.y ?? 0),
  })
  const end = () => {
    setFrom(null)
    selection.end()
  }
  return (
    <div
      className={styles.handle}
      data-edge={edge}
      aria-hidden
      style={at ? { left: at.x, top: at.y } : { visibility: 'hidden' }}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        if (!at) return
        // The middle of the cell beside the handle's corner stays what is meant.
        const x = edge === 'start' ? at.x + 2 : at.x - 2
        setFrom({ x: event.clientX - x, y: event.clientY - (at.y - rowHeight / 2) })
        selection.take(edge)
      }}
      onPointerMove={(event) => from && selection.extend(to(event))}
      onPointerUp={end}
      onPointerCancel={end}
    />
  )
}

const TOOLS = { width: 200, height: 44, gap: 10, handle: 34 }

/** The part of the page above a keyboard on the screen */
const seenHeight = () => window.visualViewport?.height ?? window.innerHeight

/** Above the selection where there is room, else below it. Where neither of its ends is to be seen: low on the page. */
function placeOf(start: Point | null, end: Point | null, rowHeight: number) {
  const anchor = start ?? end
  const left = anchor
    ? Math.max(8, Math.min(anchor.x - 20, window.innerWidth - TOOLS.width - 8))
    : (window.innerWidth - TOOLS.width) / 2
  const above = start && start.y - rowHeight - TOOLS.height - TOOLS.gap
  if (above !== null && above >= 8) return { left, top: above }
  const below = end && end.y + TOOLS.handle
  if (below !== null && below + TOOLS.height + 8 <= seenHeight()) return { left, top: below }
  return { left, top: seenHeight() / 2 - TOOLS.height / 2 }
}
