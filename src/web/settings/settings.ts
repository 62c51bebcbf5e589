import { useSyncExternalStore } from 'react'
import * as z from 'zod/mini'

const Settings = z.object({
  theme: z.catch(z.nullable(z.enum(['light', 'dark'])), null),
  fontSize: z.catch(z.number().check(z.gte(9), z.lte(28)), 14),
  screenReader: z.catch(z.boolean(), false),
})
export type Settings = z.infer<typeof Settings>

const KEY = 'bms-console.settings'
const listeners = new Set<() => void>()

/** What is stored is anybody's: each part that is not as expected is its default. */
function parseSettings(stored: string | null): Settings {
  try {
    return Settings.parse(JSON.parse(stored ?? '{}'))
  } catch {
    return Settings.parse({})
  }
}

let current = parseSettings(localStorage.getItem(KEY))

export const settings = {
  get: () => current,
  set(change: Partial<Settings>): void {
    current = Settings.parse({ ...current, ...change })
    localStorage.setItem(KEY, JSON.stringify(current))
    applyTheme()
    for (const listener of listeners) listener()
  },
}

const dark = window.matchMedia('(prefers-color-scheme: dark)')

function applyTheme(): void {
  document.documentElement.dataset.theme = resolvedTheme()
}

const resolvedTheme = () => current.theme ?? (dark.matches ? 'dark' : 'light')

dark.addEventListener('change', () => {
  applyTheme()
  for (const listener of listeners) listener()
})
applyTheme()

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSettings = () => useSyncExternalStore(subscribe, settings.get)
export const useTheme = () => useSyncExternalStore(subscribe, resolvedTheme)
