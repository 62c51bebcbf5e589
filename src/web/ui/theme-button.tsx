import { Moon, Sun } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, useTheme } from '../settings/settings.ts'

/** What a button or a menu item needs to offer the other theme. */
export function useThemeChoice() {
  const t = useTranslations('shell')
  const theme = useTheme()
  const other = theme === 'dark' ? 'light' : 'dark'
  return {
    label: t('theme', { theme: t(other) }),
    Icon: theme === 'dark' ? Sun : Moon,
    choose: () => settings.set({ theme: other }),
  }
}

export function ThemeButton() {
  const { label, Icon, choose } = useThemeChoice()
  return (
    <button type="button" className="icon" title={label} aria-label={label} onClick={choose}>
      <Icon size={17} aria-hidden />
    </button>
  )
}
