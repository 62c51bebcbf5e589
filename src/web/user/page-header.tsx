import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from '../ui/list.module.css'
import { ThemeButton } from '../ui/theme-button.tsx'
import { User } from './user.tsx'

/** The header of every page but the list and the console: the way back, the theme, and who is signed in. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.top}>
      <img src="/icon.svg" alt="" width={22} height={22} />
      <ArrowLeft size={16} aria-hidden />
      {children}
      <span className={styles.gap} />
      <ThemeButton />
      <User />
    </header>
  )
}
