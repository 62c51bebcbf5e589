import { type RefObject, useEffect, useRef } from 'react'

/** Keys that scroll down where the log has the focus */
const DOWN_KEYS: readonly string[] = ['PageDown', 'ArrowDown', 'End', ' ']

/**
 * Calls when somebody scrolls down to the end, or wants to go on down from there. A page of older rows that comes or goes
 * meanwhile moves the log to another place of itself, and may so swallow the last step down.
 */
export function useReadOn(box: RefObject<HTMLElement | null>, isRead: boolean, readOn: () => void): void {
  const called = useRef(readOn)
  called.current = readOn
  useEffect(() => {
    const element = box.current
    if (!isRead || !element) return
    let last = element.scrollTop
    let touchedAt: number | null = null
    // One pixel: a screen's pixel may be a part of one.
    const atEnd = () => element.scrollTop + element.clientHeight >= element.scrollHeight - 1
    const goOn = () => {
      if (atEnd()) called.current()
    }
    const onScroll = () => {
      const { scrollTop } = element
      if (scrollTop > last) goOn()
      last = scrollTop
    }
    const onWheel = ({ deltaY }: WheelEvent) => {
      if (deltaY > 0) goOn()
    }
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (DOWN_KEYS.includes(key)) goOn()
    }
    const onTouchStart = ({ touches }: TouchEvent) => {
      touchedAt = touches[0]?.clientY ?? null
    }
    const onTouchMove = ({ touches: [touch] }: TouchEvent) => {
      if (touch && touchedAt !== null && touch.clientY < touchedAt) goOn()
    }
    const listening = new AbortController()
    const options = { passive: true, signal: listening.signal }
    element.addEventListener('scroll', onScroll, options)
    element.addEventListener('wheel', onWheel, options)
    element.addEventListener('keydown', onKeyDown, options)
    element.addEventListener('touchstart', onTouchStart, options)
    element.addEventListener('touchmove', onTouchMove, options)
    return () => listening.abort()
  }, [box, isRead])
}
