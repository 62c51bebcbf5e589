import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { ThemeButton } from '../ui/theme-button.tsx'
import styles from './recordings.module.css'

/** The way back, and the theme. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.top}>
      <ArrowLeft size={16} aria-hidden />
      {children}
      <span className={styles.gap} />
      <ThemeButton />
    </header>
  )
}
