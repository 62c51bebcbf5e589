import { Check, Copy, CopyX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { copyText } from '../ui/clipboard.ts'
import styles from './server-page.module.css'

interface CopyButtonProps {
  /** What the text is, in words */
  label: string
  text: string
}

/** Copies a value, and says for a moment whether it worked. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const t = useTranslations('server')
  const [result, setResult] = useState<'copied' | 'copyBlocked' | null>(null)
  useEffect(() => {
    if (result === null) return
    const timer = setTimeout(() => setResult(null), 2_000)
    return () => clearTimeout(timer)
  }, [result])
  const Icon = result === null ? Copy : result === 'copied' ? Check : CopyX
  return (
    <>
      <button
        type="button"
        className={styles.copy}
        aria-label={t('copy', { what: label })}
        title={t(result ?? 'copyShort')}
        onClick={() => void copyText(text).then((done) => setResult(done ? 'copied' : 'copyBlocked'))}
      >
        <Icon size={13} aria-hidden />
      </button>
      <span role="status" className="unseen">
        {result && t(result)}
      </span>
    </>
  )
}
