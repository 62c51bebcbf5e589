import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { ThemeButton } from '../ui/theme-button.tsx'
import { User } from '../user/user.tsx'
import styles from './recordings.module.css'

/** The way back, the theme, and who is signed in. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.top}>
      <ArrowLeft size={16} aria-hidden />
      {children}
      <span className={styles.gap} />
      <ThemeButton />
      <User />
    </header>
  )
}
