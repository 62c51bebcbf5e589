import { type ComponentType, useEffect, useState } from 'react'
import type { TouchToolsProps } from './touch-tools.tsx'

/** Fingers on the terminal. It loads where there is a touch screen. */
export function Touch(props: TouchToolsProps) {
  const [loaded, setLoaded] = useState<{ Tools: ComponentType<TouchToolsProps> } | null>(null)
  useEffect(() => {
    if (!window.matchMedia('(any-pointer: coarse)').matches) return
    import('./touch-tools.tsx').then(
      ({ default: Tools }) => setLoaded({ Tools }),
      // The network is down. The line is, too.
      () => {},
    )
  }, [])
  return loaded && <loaded.Tools {...props} />
}
