import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { loadPart } from './load-part.ts'

/**
 * A component that loads when it is first drawn. React's `lazy` throws what did not load, and the whole page would go with
 * it, a console's line included.
 * @param waiting drawn until then
 */
export function part<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  waiting: ReactNode = null,
): ComponentType<P> {
  let Part: ComponentType<P> | undefined
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, at the top of its module
  return function Late(props: P) {
    const [, cameIn] = useState(false)
    useEffect(() => {
      if (Part) return
      loadPart(load, (loaded) => {
        Part = loaded.default
        cameIn(true)
      })
    }, [])
    return Part ? <Part {...props} /> : waiting
  }
}
