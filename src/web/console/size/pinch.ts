import { useEffect } from 'react'
import { settings } from '../../settings/settings.ts'
import type { TerminalFrame } from '../terminal/frame.ts'

interface Finger {
  clientX: number
  clientY: number
}

const apart = (one: Finger, other: Finger) =>
  Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)

/**
 * Two fingers on the element change the size of the text. One finger stays what it was.
 * @param text the size of the text that is shown
 * @returns stops it
 */
export function bindPinch(
  element: HTMLElement,
  text: () => number,
  resize: (size: number) => void,
): () => void {
  let began: { apart: number; text: number } | null = null
  const look = ({ touches: [one, other, third] }: TouchEvent) => {
    began = one && other && !third ? { apart: apart(one, other), text: text() } : null
  }
  const move = (event: TouchEvent) => {
    const [one, other] = event.touches
    if (!began || !one || !other) return
    // The browser would make the whole page larger.
    event.preventDefault()
    resize(Math.round((began.text * apart(one, other)) / began.apart))
  }
  element.addEventListener('touchstart', look, { passive: true })
  element.addEventListener('touchend', look, { passive: true })
  element.addEventListener('touchcancel', look, { passive: true })
  element.addEventListener('touchmove', move, { passive: false })
  return () => {
    element.removeEventListener('touchstart', look)
    element.removeEventListener('touchend', look)
    element.removeEventListener('touchcancel', look)
    element.removeEventListener('touchmove', move)
  }
}

/** Pinching the terminal changes the size of its text. */
export function usePinch(frame: TerminalFrame): void {
  useEffect(() => bindPinch(frame.place, () => frame.text, settings.setText), [frame])
}
