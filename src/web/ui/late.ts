import { type ComponentType, useEffect, useState } from 'react'
import { loadPart } from './load-part.ts'

/**
 * Loads a part of the page when it is wanted for the first time. If it does not load, the page goes on without it and says
 * so. The next wish tries again, too.
 */
export function useLate<P>(
  wanted: boolean,
  load: () => Promise<{ default: ComponentType<P> }>,
  failed?: () => void,
): ComponentType<P> | null {
  const [loaded, setLoaded] = useState<{ Part: ComponentType<P> } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the functions are new ones each time, and load the same part
  useEffect(() => {
    if (wanted && !loaded) loadPart(load, ({ default: Part }) => setLoaded({ Part }), failed)
  }, [wanted])
  return wanted && loaded ? loaded.Part : null
}
