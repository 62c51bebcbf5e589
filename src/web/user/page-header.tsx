import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { base } from '../base.ts'
import { PaletteButton } from '../palette/palette-button.tsx'
import styles from '../ui/list.module.css'
import { ThemeButton } from '../ui/theme-button.tsx'
import { Navigation } from './navigation.tsx'
import { User } from './user.tsx'

interface PageHeaderProps {
  /** The way back, where it leads to no page of the navigation */
  back?: ReactNode
}

/** The header of every page but the console: the pages, the palette, the theme, and who is signed in. */
export const PageHeader = memo(function PageHeader({ back }: PageHeaderProps) {
  return (
    <header className={styles.top}>
      {/* Beside a way back, a small screen has the mark alone. */}
      <Link to="/" className={styles.product} aria-label="BMS Console">
        <img src={`${base}/icon.svg`} alt="" width={26} height={26} />
        <strong>BMS Console</strong>
      </Link>
      {back && (
        <span className={styles.back}>
          <ArrowLeft size={16} aria-hidden />
          {back}
        </span>
      )}
      <Navigation />
      <span className={styles.gap} />
      <PaletteButton />
      <ThemeButton />
      <User />
    </header>
  )
})
