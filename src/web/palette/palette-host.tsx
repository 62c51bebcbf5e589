import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import { onMac } from '../console/platform.ts'
import { useLate } from '../ui/late.ts'
import { paletteDoor } from './palette-door.ts'
import { opensPalette } from './palette-key.ts'

/** The palette's place on every page. Its code loads when it is opened. */
export function PaletteHost() {
  const user = useUser()
  const open = useSyncExternalStore(paletteDoor.subscribe, paletteDoor.isOpen) && user !== undefined
  const typed = useRef('')
  const failed = useRef(false)
  const Palette = useLate(
    open,
    async () => {
      const loaded = await import('./palette.tsx')
      // A later try has brought it.
      if (failed.current) paletteDoor.open()
      return loaded
    },
    () => {
      failed.current = true
      paletteDoor.close()
    },
  )
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
  useEffect(() => {
    if (!open) typed.current = ''
  }, [open])
  if (!open) return null
  return Palette ? <Palette first={typed.current} onClose={paletteDoor.close} /> : <Waiting typed={typed} />
}

/** Takes what is typed before the palette has loaded. Then what had the focus gets it back from the palette. */
function Waiting({ typed }: { typed: { current: string } }) {
  const t = useTranslations('pages')
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    input.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <input
      ref={input}
      className="unseen"
      aria-label={t('goTo')}
      onChange={({ target }) => {
        typed.current = target.value
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') paletteDoor.close()
      }}
    />
  )
}
