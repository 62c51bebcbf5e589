import { Hash } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import styles from './server-page.module.css'

/** In the order of the page */
export const sections = [
  'overview',
  'placement',
  'network',
  'disks',
  'metadata',
  'console',
  'power',
  'output',
  'api',
] as const
export type SectionId = (typeof sections)[number]

interface SectionProps {
  id: SectionId
  /** Beside the heading */
  aside?: ReactNode
  children: ReactNode
}

/** A part of the page that an address can name. */
export function Section({ id, aside, children }: SectionProps) {
  const t = useTranslations('server')
  const title = t(`sections.${id}`)
  return (
    <section id={id} aria-labelledby={`${id}-title`} className={styles.section} tabIndex={-1}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <a href={`#${id}`} className={styles.anchor} aria-label={t('linkTo', { title })}>
          <Hash size={14} aria-hidden />
        </a>
        {aside && <span className={styles.aside}>{aside}</span>}
      </header>
      {children}
    </section>
  )
}

/** The way to each section that the page has. */
export function SectionNav({ shown }: { shown: readonly SectionId[] }) {
  const t = useTranslations('server')
  return (
    <nav aria-label={t('contents')} className={styles.nav}>
      {shown.map((id) => (
        <a key={id} href={`#${id}`}>
          {t(`sections.${id}`)}
        </a>
      ))}
    </nav>
  )
}
