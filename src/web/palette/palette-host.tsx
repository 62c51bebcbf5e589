import { useEffect, useSyncExternalStore } from 'react'
import { useUser } from '../api/queries.ts'
import { onMac } from '../console/platform.ts'
import { useLate } from '../ui/late.ts'
import { paletteDoor } from './palette-door.ts'
import { opensPalette } from './palette-key.ts'

/** The palette's place on every page. Its code loads when it is opened. */
export function PaletteHost() {
  const user = useUser()
  const open = useSyncExternalStore(paletteDoor.subscribe, paletteDoor.isOpen) && user !== undefined
  const Palette = useLate(open, () => import('./palette.tsx'))
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, defaultPrevented } = event
      const inTerminal = target instanceof Element && target.closest('.xterm') !== null
      if (defaultPrevented || !opensPalette(event, onMac, inTerminal)) return
      event.preventDefault()
      if (paletteDoor.isOpen()) paletteDoor.close()
      // A question that waits for its answer stays on top.
      else if (document.querySelector('dialog[open]') === null) paletteDoor.open()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return open && Palette ? <Palette onClose={paletteDoor.close} /> : null
}
