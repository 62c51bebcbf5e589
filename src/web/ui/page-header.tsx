import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './list.module.css'
import { ThemeButton } from './theme-button.tsx'

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
