import { type ComponentType, useEffect, useState } from 'react'
import type { Failure } from '../../shared/cause.ts'

/**
 * What was wrong on the way to the cloud or the gateway, in words that load when they are first needed.
 * @returns null until then, and where nothing is known: the cause's own words do
 */
export function useWayWords({ fault }: Failure): ComponentType<Failure> | null {
  const [loaded, setLoaded] = useState<{ Words: ComponentType<Failure> } | null>(null)
  useEffect(() => {
    if (!fault) return
    // Without a network the cause's own words stay.
    void import('./way-words.tsx').then(
      ({ default: Words }) => setLoaded({ Words }),
      () => {},
    )
  }, [fault])
  return fault && loaded ? loaded.Words : null
}
