import { useSettings } from '../../settings/settings.ts'
import { part } from '../../ui/part.tsx'
import type { OpenConsole } from '../use-console.ts'

const Gutter = part(() => import('./gutter.tsx'))

/** The times beside the terminal, for who wants them. The terminal makes room where the gutter is. */
export function TimesGutter({ open }: { open: OpenConsole }) {
  const { times } = useSettings()
  if (times === 'off') return null
  return <Gutter open={open} />
}
