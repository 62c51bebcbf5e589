import { useEffect, useSyncExternalStore } from 'react'
import { Toaster as Sonner, toast } from 'sonner'
import { useTranslations } from 'use-intl'
import { useTheme } from '../settings/settings.ts'
import styles from './toaster.module.css'
import { toasts } from './toasts.ts'

/** How long a sentence stays: longer where there is something to press. */
const SHOWN_MS = 6_000
const WITH_ACTION_MS = 12_000

/** Shows short sentences one above the other, and tells them to a screen reader. */
export default function Toaster() {
  const t = useTranslations('pages')
  const theme = useTheme()
  const waiting = useSyncExternalStore(toasts.subscribe, toasts.waiting)
  useEffect(() => {
    if (waiting.length === 0) return
    for (const { sentence, action } of toasts.take())
      toast(sentence, {
        duration: action ? WITH_ACTION_MS : SHOWN_MS,
        ...(action && { action: { label: action.label, onClick: action.act } }),
      })
  }, [waiting])
  return (
    <Sonner
      theme={theme}
      position="bottom-center"
      className={styles.toaster ?? ''}
      customAriaLabel={t('news')}
      // Its own chord would take Alt+T from the line.
      hotkey={['F24']}
      visibleToasts={4}
    />
  )
}
