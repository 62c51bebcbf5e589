import { AArrowDown, AArrowUp, Accessibility, Maximize, Minimize, SunMoon } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, useSettings } from '../../settings/settings.ts'
import { fullScreenOffered, toggleFullScreen, useFullScreen } from '../full-screen.ts'
import type { BarItem } from './bar-item.ts'

/** The menu View: how the terminal looks. Each feature adds a line. */
export function useViewItems(): BarItem[][] {
  return [useTextItems(), [...useThemeItems(), ...useScreenReaderItems()], useFullScreenItems()]
}

function useTextItems(): BarItem[] {
  const t = useTranslations('bar')
  const resize = (step: 1 | -1) => () => settings.resizeText(step)
  return [
    { kind: 'action', label: t('larger'), Icon: AArrowUp, run: resize(1), repeats: true },
    { kind: 'action', label: t('smaller'), Icon: AArrowDown, run: resize(-1), repeats: true },
  ]
}

function useThemeItems(): BarItem[] {
  const t = useTranslations('bar')
  const { theme } = useSettings()
  return [
    {
      kind: 'choice',
      label: t('theme'),
      Icon: SunMoon,
      options: [
        { value: 'system', label: t('themes.system') },
        { value: 'light', label: t('themes.light') },
        { value: 'dark', label: t('themes.dark') },
      ],
      value: theme ?? 'system',
      choose: (value) => settings.set({ theme: value === 'light' || value === 'dark' ? value : null }),
    },
  ]
}

function useScreenReaderItems(): BarItem[] {
  const t = useTranslations('bar')
  const { screenReader } = useSettings()
  return [
    {
      kind: 'switch',
      label: t('screenReader'),
      Icon: Accessibility,
      on: screenReader,
      toggle: () => settings.set({ screenReader: !screenReader }),
    },
  ]
}

function useFullScreenItems(): BarItem[] {
  const t = useTranslations('bar')
  const full = useFullScreen()
  if (!fullScreenOffered()) return []
  return [
    {
      kind: 'action',
      label: t(full ? 'leaveFullScreen' : 'fullScreen'),
      Icon: full ? Minimize : Maximize,
      run: () => void toggleFullScreen(),
    },
  ]
}
