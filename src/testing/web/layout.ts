import { fireEvent } from '@testing-library/react'
import { onTestFinished, vi } from 'vitest'

const HEIGHT = 660

/** Thirty rows of 22 px are in view of what scrolls. The test's DOM has no layout of its own. */
export function layOut(): void {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(HEIGHT)
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(900)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(HEIGHT)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(heightIn)
  scrollAsBrowsersDo()
}

/** What is in it says its own height. */
function heightIn(this: HTMLElement): number {
  const [first] = this.children
  return first instanceof HTMLElement ? Number.parseInt(first.style.height || '0', 10) : 0
}

/** Without it an element takes any place, and tells nobody. */
function scrollAsBrowsersDo() {
  const places = new WeakMap<Element, number>()
  Object.defineProperty(HTMLElement.prototype, 'scrollTop', {
    configurable: true,
    get(this: HTMLElement) {
      return places.get(this) ?? 0
    },
    set(this: HTMLElement, place: number) {
      const next = Math.max(0, Math.min(place, heightIn.call(this) - HEIGHT))
      if (next === (places.get(this) ?? 0)) return
      places.set(this, next)
      queueMicrotask(() => fireEvent.scroll(this))
    },
  })
  onTestFinished(() => {
    Reflect.deleteProperty(HTMLElement.prototype, 'scrollTop')
  })
}
