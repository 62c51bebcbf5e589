import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { aboutQuery } from '../api/queries.ts'
import { base } from '../base.ts'
import { ThemeButton } from '../ui/theme-button.tsx'
import styles from './sign-in.module.css'

interface CardProps {
  title: string
  /** Shown under the title */
  lead?: ReactNode
  children: ReactNode
}

/** A page with a single card: the product's mark, the cloud's name, and one thing to do. */
export function Card({ title, lead, children }: CardProps) {
  const t = useTranslations('signIn')
  const { data: about } = useQuery(aboutQuery())
  useEffect(() => {
    document.title = `${title} · BMS Console`
  }, [title])
  return (
    <div className={styles.page}>
      <div className={styles.corner}>
        <ThemeButton />
      </div>
      <main className={styles.card} id="content">
        <div className={styles.mark}>
          <img src={`${base}/icon.svg`} alt="" width={40} height={40} />
          <strong>BMS Console</strong>
          {about && <span className={styles.cloud}>{about.cloud}</span>}
        </div>
        <div className={styles.title}>
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {children}
      </main>
      <footer className={styles.foot}>{t('foot')}</footer>
    </div>
  )
}
