import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { loadPart } from './load-part.ts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The page, where it has a file of its own: who leaves a console waits for it. */
    page?: LaterPart
  }
}

/** What a part of its own file is, besides what draws it. */
export interface LaterPart {
  /** Fetches what it needs. @throws where that did not come */
  fetch: () => Promise<void>
}

/**
 * A component that loads when it is first drawn. React's `lazy` throws what did not load, and the whole page would go with
 * it, a console's line included.
 * @param waiting drawn until then
 */
export function part<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  waiting: ReactNode = null,
): ComponentType<P> & LaterPart {
  let Part: ComponentType<P> | undefined
  const fetch = async () => {
    Part ??= (await load()).default
  }
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, at the top of its module
  function Late(props: P) {
    const [, cameIn] = useState(false)
    useEffect(() => {
      if (!Part) loadPart(fetch, () => cameIn(true))
    }, [])
    return Part ? <Part {...props} /> : waiting
  }
  return Object.assign(Late, { fetch })
}
