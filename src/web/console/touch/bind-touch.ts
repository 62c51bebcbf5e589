import { type Gesture, HOLD_MS, OneFinger, type Point } from './gestures.ts'
import { Momentum } from './momentum.ts'
import type { TouchSelection } from './touch-selection.ts'
import type { TouchSurface } from './touch-surface.ts'

/** How soon the next row comes while a finger waits at the edge, in ms. */
const EDGE_MS = 70

/**
 * One finger on the element scrolls and selects. A tap is left to the browser, which makes a click of it: that focuses the
 * terminal and brings the keyboard up.
 * @returns stops it
 */
export function bindTouch(
  element: HTMLElement,
  surface: TouchSurface,
  selection: TouchSelection,
): () => void {
  const finger = new OneFinger()
  let resting: ReturnType<typeof setTimeout> | undefined
  let edging: ReturnType<typeof setInterval> | undefined
  let frame = 0
  /** The touch meant something to us: it must not become a click. */
  let isOurs = false

  const stop = () => {
    cancelAnimationFrame(frame)
    frame = 0
  }
  const fling = (speed: number) => {
    const momentum = new Momentum(speed, performance.now())
    const step = (time: number) => {
      const by = momentum.next(time)
      const goesOn = by !== null && surface.mayFling && surface.scroll(by)
      frame = goesOn ? requestAnimationFrame(step) : 0
    }
    frame = requestAnimationFrame(step)
  }
  const extend = (at: Point) => {
    selection.extend(at)
    clearInterval(edging)
    const edge = surface.edgeAt(at)
    if (edge === 0) return
    edging = setInterval(() => {
      surface.scrollRow(edge)
      selection.extend(at)
    }, EDGE_MS)
  }
  const act = (gesture: Gesture | null) => {
    if (!finger.waits) clearTimeout(resting)
    if (!gesture) return
    switch (gesture.kind) {
      case 'tap':
        if (selection.dismiss()) isOurs = true
        return
      case 'drag':
        isOurs = true
        return surface.drag(gesture.by, gesture.at)
      case 'fling':
        return surface.mayFling ? fling(gesture.speed) : undefined
      case 'hold':
        isOurs = true
        return selection.begin(gesture.at)
      case 'extend':
        return extend(gesture.at)
      case 'held':
        clearInterval(edging)
        return selection.end()
    }
  }

  const read = ({ pointerId, clientX, clientY, timeStamp }: PointerEvent) => ({
    id: pointerId,
    x: clientX,
    y: clientY,
    time: timeStamp,
  })
  const byFinger = (listener: (event: PointerEvent) => void) => (event: Event) => {
    if (event instanceof PointerEvent && event.pointerType === 'touch') listener(event)
  }
  const onDown = byFinger((event) => {
    // The rows under the finger are drawn again while it moves. What it began on may be gone then.
    element.setPointerCapture(event.pointerId)
    // Who stops what was flung means no tap.
    if (!finger.isDown) isOurs = frame !== 0
    stop()
    if (!finger.isDown) surface.begin()
    act(finger.down(read(event)))
    if (!finger.waits) return
    clearTimeout(resting)
    resting = setTimeout(() => act(finger.rested()), HOLD_MS)
  })
  const onMove = byFinger((event) => act(finger.move(read(event))))
  const onUp = byFinger((event) => act(finger.up(read(event))))
  const onCancel = byFinger((event) => act(finger.cancel(event.pointerId)))
  const onTouchEnd = (event: TouchEvent) => {
    if (isOurs && event.cancelable) event.preventDefault()
  }
  const onMenu = (event: Event) => {
    // The phone's own menu of a long press.
    if (!finger.isDown && !isOurs) return
    event.preventDefault()
    event.stopPropagation()
  }
  const onMouse = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') isOurs = false
  }

  const listening = new AbortController()
  const { signal } = listening
  const first = { capture: true, signal }
  element.addEventListener('pointerdown', onDown, first)
  element.addEventListener('pointerdown', onMouse, first)
  element.addEventListener('pointermove', onMove, first)
  element.addEventListener('pointerup', onUp, first)
  element.addEventListener('pointercancel', onCancel, first)
  element.addEventListener('touchend', onTouchEnd, { ...first, passive: false })
  element.addEventListener('contextmenu', onMenu, first)
  return () => {
    listening.abort()
    clearTimeout(resting)
    clearInterval(edging)
    stop()
  }
}
