import { useState } from 'react'
import { useTranslations } from 'use-intl'
import styles from './grid.module.css'
import { Picker } from './picker.tsx'

/** The page before any console is chosen. */
export function NoConsoles({ onOpen }: { onOpen: (servers: string[]) => void }) {
  const t = useTranslations('consoles')
  const [chosen, setChosen] = useState<string[]>([])
  return (
    <section className={styles.none} aria-label={t('addTitle')}>
      <h2 className={styles.noneTitle}>{t('addTitle')}</h2>
      <p>{t('addAbout')}</p>
      <Picker open={[]} chosen={chosen} onChosen={setChosen} />
      <button
        type="button"
        className="button primary"
        disabled={chosen.length === 0}
        onClick={() => onOpen(chosen)}
      >
        {t('open', { count: chosen.length })}
      </button>
    </section>
  )
}
