import { Moon, Sun } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, useTheme } from '../settings/settings.ts'

export function ThemeButton() {
  const t = useTranslations('shell')
  const theme = useTheme()
  const label = t('theme', { theme: t(theme) })
  return (
    <button
      type="button"
      className="icon"
      title={label}
      aria-label={label}
      onClick={() => settings.set({ theme: theme === 'dark' ? 'light' : 'dark' })}
    >
      {theme === 'dark' ? <Sun size={17} aria-hidden /> : <Moon size={17} aria-hidden />}
    </button>
  )
}
