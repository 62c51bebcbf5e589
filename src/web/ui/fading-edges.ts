import { type RefObject, useEffect } from 'react'

/**
 * Where a part that scrolls hides some of itself, its edge fades (`data-hides` in `styles.css`): on a touch screen no
 * scrollbar says that there is more.
 * @param content what is in it, as a value that changes with it
 */
export function useFadingEdges(part: RefObject<HTMLElement | null>, axis: 'x' | 'y', content: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the children are watched, and they follow from the content
  useEffect(() => {
    const element = part.current
    if (!element) return
    const mark = () => {
      const before = axis === 'x' ? element.scrollLeft : element.scrollTop
      const all =
        axis === 'x' ? element.scrollWidth - element.clientWidth : element.scrollHeight - element.clientHeight
      const hidden = [before > 1 && 'before', all - before > 1 && 'after'].filter(Boolean)
      if (hidden.length === 0) delete element.dataset.hides
      else element.dataset.hides = [axis, ...hidden].join(' ')
    }
    const sizes = new ResizeObserver(mark)
    for (const watched of [element, ...element.children]) sizes.observe(watched)
    element.addEventListener('scroll', mark, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', mark)
    }
  }, [part, axis, content])
}
