import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { missingParts } from './load-part.ts'

/** Says on every page that a part of it did not load, and offers what helps. */
export function MissingParts() {
  const t = useTranslations('shell')
  const missing = useSyncExternalStore(missingParts.subscribe, missingParts.state)
  if (!missing) return null
  const { outdated } = missing
  return (
    <div className="missing notice" data-tone="warn">
      <p role="alert">{t(outdated ? 'outdated' : 'missing')}</p>
      <button
        type="button"
        className="button"
        onClick={() => (outdated ? location.reload() : missingParts.retry())}
      >
        {t(outdated ? 'reload' : 'tryAgain')}
      </button>
      <button
        type="button"
        className="icon"
        aria-label={t('close')}
        title={t('close')}
        onClick={missingParts.dismiss}
      >
        <X size={16} aria-hidden />
      </button>
    </div>
  )
}
