import { lazy, Suspense } from 'react'
import { useSettings } from '../../settings/settings.ts'
import type { OpenConsole } from '../use-console.ts'

const Gutter = lazy(() => import('./gutter.tsx'))

/** The times beside the terminal, for who wants them. The terminal makes room where the gutter is. */
export function TimesGutter({ open }: { open: OpenConsole }) {
  const { times } = useSettings()
  if (times === 'off') return null
  return (
    <Suspense fallback={null}>
      <Gutter open={open} />
    </Suspense>
  )
}
