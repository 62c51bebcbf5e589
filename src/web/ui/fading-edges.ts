import { type RefObject, useEffect } from 'react'

/** How much of the edge fades */
const fade = (hidden: number) => (hidden > 1 ? 40 : 0)

/**
 * Where a part that scrolls hides some of itself, its edge fades: on a touch screen no scrollbar says that there is more.
 * @param content what is in it, as a value that changes with it
 */
export function useFadingEdges(part: RefObject<HTMLElement | null>, axis: 'x' | 'y', content: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the children are watched, and they follow from the content
  useEffect(() => {
    const element = part.current
    if (!element) return
    const mark = () => {
      const [at, end] =
        axis === 'x'
          ? [element.scrollLeft, element.scrollWidth - element.clientWidth]
          : [element.scrollTop, element.scrollHeight - element.clientHeight]
      element.style.maskImage =
        fade(end) === 0
          ? ''
          : `linear-gradient(${axis === 'x' ? 90 : 180}deg,#0000,#000 ${fade(at)}px calc(100% - ${fade(end - at)}px),#0000)`
    }
    const sizes = new ResizeObserver(mark)
    for (const watched of [element, ...element.children]) sizes.observe(watched)
    element.onscroll = mark
    return () => sizes.disconnect()
  }, [part, axis, content])
}
