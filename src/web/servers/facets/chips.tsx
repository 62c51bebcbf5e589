import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { type Choice, type Facet, facets } from '../model/facets.ts'
import { valueName } from '../model/select.ts'
import styles from './facets.module.css'
import { useNames } from './names.ts'

interface ChipsProps {
  choice: Choice
  onRemove: (facet: Facet, value: string) => void
  onClear: () => void
}

/** What the list is narrowed by. A press on one takes it away. */
export function Chips({ choice, onRemove, onClear }: ChipsProps) {
  const t = useTranslations('facets')
  const names = useNames()
  const whole = useRef<HTMLDivElement>(null)
  const removed = useRef<number | null>(null)
  useEffect(() => {
    // The button that had the focus is gone, and the next one takes it.
    if (removed.current === null) return
    const buttons = whole.current?.querySelectorAll('button')
    buttons?.[Math.min(removed.current, buttons.length - 1)]?.focus()
    removed.current = null
  })
  const chosen = facets.flatMap((facet) => (choice[facet] ?? []).map((value) => ({ facet, value })))
  return (
    <div ref={whole} className={styles.chips}>
      <ul aria-label={t('active')}>
        {chosen.map(({ facet, value }, at) => {
          const name = names.facet(facet)
          const says = names.value(facet, value, valueName(facet, value))
          return (
            <li key={`${facet} ${value}`}>
              <button
                type="button"
                className={styles.chip}
                title={says}
                aria-label={t('remove', { name, value: says })}
                onClick={() => {
                  removed.current = at
                  onRemove(facet, value)
                }}
              >
                <span>{t('pair', { name, value: says })}</span>
                <X size={13} aria-hidden />
              </button>
            </li>
          )
        })}
      </ul>
      <button type="button" className={`tool ${styles.clearAll}`} onClick={onClear}>
        {t('clearAll')}
      </button>
    </div>
  )
}
