import { Keyboard } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { useHasKeys } from '../console/keys/has-keys.ts'
import { useKeyName } from '../console/keys/key-name.ts'
import type { OpenConsole } from '../console/use-console.ts'
import styles from './grid.module.css'
import type { Several } from './several.ts'

const END_KEYS = 'Ctrl+Shift+F6'

interface SeveralBandProps {
  several: Several<OpenConsole>
  servers: readonly string[]
  /** Gives the focus back to the terminal. */
  onFocus: () => void
}

/** Says for as long as it is so that keys go to more than one console, to how many, and how it ends. */
export function SeveralBand({ several, servers, onFocus }: SeveralBandProps) {
  const t = useTranslations('consoles')
  const keyName = useKeyName()
  const endKeys = useHasKeys() ? keyName(END_KEYS) : undefined
  const { chosen } = useSyncExternalStore(several.subscribe, several.getSnapshot)
  const on = chosen !== null
  useEffect(() => {
    if (!on) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || !event.ctrlKey || !event.shiftKey) return
      // Before a terminal makes bytes of it.
      event.preventDefault()
      event.stopPropagation()
      several.end()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [several, on])
  if (!on) return null
  return (
    <section className={styles.band} aria-label={t('several')}>
      <Keyboard size={17} aria-hidden />
      <p>
        <strong role="status">{t('severalOn', { count: chosen.size })}</strong>
        <span>{t('severalHow')}</span>
      </p>
      <button
        type="button"
        className="button"
        disabled={chosen.size === servers.length}
        onClick={() => {
          for (const id of servers) several.choose(id, true)
          onFocus()
        }}
      >
        {t('severalAll')}
      </button>
      <button
        type="button"
        className="button"
        title={endKeys}
        onClick={() => {
          several.end()
          onFocus()
        }}
      >
        {t('severalEnd')} {endKeys !== undefined && <kbd aria-hidden>{endKeys}</kbd>}
      </button>
    </section>
  )
}
