import { type ComponentType, lazy, Suspense } from 'react'
import type { PowerProps } from './power-button.tsx'

/** Few servers are off, so the button is loaded when one is. Without it, the menu still powers on. */
const Button = lazy<ComponentType<PowerProps>>(() =>
  import('./power-on.tsx').catch(() => ({ default: () => null })),
)

export const LatePowerOn = (props: PowerProps) => (
  <Suspense fallback={null}>
    <Button {...props} />
  </Suspense>
)
