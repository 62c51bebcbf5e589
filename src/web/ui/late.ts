import { type ComponentType, useEffect, useState } from 'react'

/**
 * Loads a part of the page when it is wanted for the first time. If it does not load, the page goes on without it, and
 * the next wish tries again.
 */
export function useLate<P>(
  wanted: boolean,
  load: () => Promise<{ default: ComponentType<P> }>,
): ComponentType<P> | null {
  const [loaded, setLoaded] = useState<{ Part: ComponentType<P> } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the function is a new one each time, and loads the same part
  useEffect(() => {
    if (wanted && !loaded)
      void load().then(
        ({ default: Part }) => setLoaded({ Part }),
        () => {},
      )
  }, [wanted])
  return wanted && loaded ? loaded.Part : null
}
