import { useSyncExternalStore } from 'react'
import * as z from 'zod/mini'
import { type Language, languageOf, languages } from '../locales/words.ts'

/** The terminal's text, in pixels. */
const fontSizes = { smallest: 9, usual: 14, largest: 28 }

const Settings = z.object({
  /** null: the browser's */
  language: z.catch(z.nullable(z.enum(languages)), null),
  /** null: the system's */
  theme: z.catch(z.nullable(z.enum(['light', 'dark'])), null),
  fontSize: z.catch(z.number().check(z.gte(fontSizes.smallest), z.lte(fontSizes.largest)), fontSizes.usual),
  screenReader: z.catch(z.boolean(), false),
})
export type Settings = z.infer<typeof Settings>

const KEY = 'bms-console.settings'
const listeners = new Set<() => void>()

/** What is stored is anybody's: each part that is not as expected is its default. */
function readSettings(): Settings {
  try {
    return Settings.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    // Not JSON, or a browser that keeps its storage from this page.
    return Settings.parse({})
  }
}

/** What was chosen here, and is kept. */
let chosen = readSettings()
let current = chosen

export const settings = {
  get: () => current,
  theme: () => resolvedTheme(),
  language: () => resolvedLanguage(),
  /** @param step null: back to the usual size */
  resizeText(step: 1 | -1 | null): void {
    const { smallest, usual, largest } = fontSizes
    const size = step === null ? usual : current.fontSize + step
    settings.set({ fontSize: Math.min(largest, Math.max(smallest, size)) })
  },
  set(change: Partial<Settings>): void {
    chosen = Settings.parse({ ...chosen, ...change })
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen))
    } catch {
      // Full or refused: the choice holds for as long as the page does.
    }
    settings.borrow(change)
  },
  /** What the page around wants: it holds for as long as this page does, and is no choice of the person's. */
  borrow(change: Partial<Settings>): void {
    current = Settings.parse({ ...current, ...change })
    applyTheme()
    for (const listener of listeners) listener()
  },
}

const dark = window.matchMedia('(prefers-color-scheme: dark)')

function applyTheme(): void {
  document.documentElement.dataset.theme = resolvedTheme()
}

const resolvedTheme = () => current.theme ?? (dark.matches ? 'dark' : 'light')

const resolvedLanguage = (): Language => current.language ?? languageOf(...navigator.languages)

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
export const useLanguage = () => useSyncExternalStore(subscribe, resolvedLanguage)
