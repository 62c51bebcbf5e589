import {
  AArrowDown,
  AArrowUp,
  Accessibility,
  type LucideIcon,
  Maximize,
  Minimize,
  RotateCcw,
  SunMoon,
} from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, useSettings } from '../../settings/settings.ts'
import { useClearItems } from '../clear/clear-items.ts'
import { useColourItems } from '../colours/colour-items.ts'
import { useEncodingItems } from '../encoding/encoding-items.ts'
import { fullScreenOffered, lockedChords, toggleFullScreen, useFullScreen } from '../full-screen.ts'
import { useHasKeys } from '../keys/has-keys.ts'
import { useKeyName } from '../keys/key-name.ts'
import { useShortcutItems } from '../shortcuts/shortcut-items.ts'
import { useShortcutKeys } from '../shortcuts/use-shortcut-keys.ts'
import { useSizeItems } from '../size/size-items.ts'
import { useTimesItems } from '../times/times-items.ts'
import type { BarContext, BarItem } from './bar-item.ts'

/** The menu View: how the terminal looks. Each feature adds a line. */
export function useViewItems(bar: BarContext): BarItem[][] {
  return [
    [...useTextItems(), ...useSizeItems(bar), ...useEncodingItems(bar)],
    [...useThemeItems(), ...useColourItems(bar), ...useTimesItems(), ...useScreenReaderItems()],
    useClearItems(bar),
    [...useFullScreenItems(bar), ...useShortcutItems(bar)],
  ]
}

function useTextItems(): BarItem[] {
  const t = useTranslations('bar')
  const keysOf = useShortcutKeys()
  const resize = (id: 'larger' | 'smaller' | 'usual', Icon: LucideIcon, step: 1 | -1 | null): BarItem => ({
    kind: 'action',
    label: t(id),
    Icon,
    run: () => settings.resizeText(step),
    repeats: true,
    keys: keysOf(id),
  })
  return [resize('larger', AArrowUp, 1), resize('smaller', AArrowDown, -1), resize('usual', RotateCcw, null)]
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

function useFullScreenItems({ announce }: BarContext): BarItem[] {
  const t = useTranslations('bar')
  const keyName = useKeyName()
  const full = useFullScreen()
  const hasKeys = useHasKeys()
  if (!fullScreenOffered()) return []
  const keys = lockedChords.map(keyName).join(', ')
  const toggle = async () => {
    const became = await toggleFullScreen()
    // Fingers leave it by a swipe, and lock nothing.
    if (!hasKeys) return
    switch (became) {
      case 'locked':
        return announce(t('keysLocked', { keys }))
      case 'unlocked':
        return announce(t('keysNotLocked', { keys }))
      case 'left':
    }
  }
  return [
    {
      kind: 'action',
      label: t(full ? 'leaveFullScreen' : 'fullScreen'),
      Icon: full ? Minimize : Maximize,
      run: () => void toggle(),
    },
  ]
}
