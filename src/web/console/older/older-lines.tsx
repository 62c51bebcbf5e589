import { type RefObject, useEffect, useSyncExternalStore } from 'react'
import { part } from '../../ui/part.tsx'
import type { OpenConsole } from '../use-console.ts'
import { useMayReadLog } from './use-may-read-log.ts'

const OlderView = part(() => import('./older-view.tsx'))

/** A wheel that still turns when the oldest row is reached does not lead on by itself: it takes so much, in pixels. */
const WHEEL_PX = 80
const PAUSE_MS = 400
/** A finger goes so far, in pixels. */
const TOUCH_PX = 60
const WHEEL_ROWS = 4

interface OlderLinesProps {
  open: OpenConsole
  serverId: string
  /** The terminal's place on the page */
  host: RefObject<HTMLElement | null>
  announce: (sentence: string) => void
}

/** Older lines, for who scrolls up past the terminal's oldest row. Nothing where no log is kept or may be read. */
export function OlderLines({ open, serverId, host, announce }: OlderLinesProps) {
  const { older, terminal } = open
  const may = useMayReadLog()
  const state = useSyncExternalStore(older.subscribe, older.state)
  useEffect(() => {
    const element = host.current
    if (!may || !element) return
    return onScrollPast(element, {
      atOldest: () => terminal.screen.atOldest,
      page: () => Math.max(1, terminal.size.rows - 1),
      go: (rows) => older.scrollUp(rows),
    })
  }, [may, host, older, terminal])
  if (state.kind === 'live') return null
  return <OlderView key={state.opened} open={open} serverId={serverId} state={state} announce={announce} />
}

interface Past {
  atOldest: () => boolean
  /** Rows of a page */
  page: () => number
  /** @returns whether there is something to go to */
  go: (rows: number) => boolean
}

/** Listens for a person who scrolls up where the terminal has nothing older. @returns stops it */
function onScrollPast(element: HTMLElement, { atOldest, page, go }: Past): () => void {
  let turned = 0
  let turnedAt = 0
  let touchedAt: number | null = null
  const onWheel = (event: WheelEvent) => {
    if (event.deltaY >= 0 || event.ctrlKey || !atOldest()) {
      turned = 0
      return
    }
    if (event.timeStamp - turnedAt > PAUSE_MS) turned = 0
    turnedAt = event.timeStamp
    // Some mice tell lines instead of pixels.
    turned -= event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 20
    if (turned < WHEEL_PX) return
    turned = 0
    go(WHEEL_ROWS)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'PageUp' || !event.shiftKey || event.ctrlKey || event.altKey || !atOldest()) return
    if (!go(page())) return
    event.preventDefault()
    event.stopPropagation()
  }
  const onTouch = ({ touches }: TouchEvent) => {
    const [touch] = touches
    touchedAt = touches.length === 1 && touch && atOldest() ? touch.clientY : null
  }
  const onTouchMove = ({ touches }: TouchEvent) => {
    const [touch] = touches
    if (touchedAt === null || !touch || touch.clientY - touchedAt < TOUCH_PX) return
    touchedAt = null
    go(WHEEL_ROWS)
  }
  const listening = new AbortController()
  const { signal } = listening
  // The terminal keeps these to itself otherwise.
  const options = { capture: true, passive: true, signal }
  element.addEventListener('wheel', onWheel, options)
  element.addEventListener('touchstart', onTouch, options)
  element.addEventListener('touchmove', onTouchMove, options)
  element.addEventListener('keydown', onKey, { capture: true, signal })
  return () => listening.abort()
}
