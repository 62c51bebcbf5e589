import { useSyncExternalStore } from 'react'
import * as z from 'zod/mini'
import { type Language, languageOf, languages } from '../locales/words.ts'
import { colourChoices, TerminalColours } from './terminal-colours.ts'

/** The sizes of the terminal's text, in pixels. */
const fontSizes = { smallest: 9, usual: 14, largest: 28 }

export const timesChoices = ['off', 'clock', 'since'] as const

const Settings = z.object({
  /** Null follows the browser. */
  language: z.catch(z.nullable(z.enum(languages)), null),
  /** Null follows the system. */
  theme: z.catch(z.nullable(z.enum(['light', 'dark'])), null),
  fontSize: z.catch(z.number().check(z.gte(fontSizes.smallest), z.lte(fontSizes.largest)), fontSizes.usual),
  screenReader: z.catch(z.boolean(), false),
  /** What the Option key of a Mac makes: Meta, or the characters of the keyboard's language. */
  optionKey: z.catch(z.enum(['auto', 'meta', 'characters']), 'auto'),
  /** The keys of the screen that stay open beside the terminal. */
  keypad: z.catch(z.boolean(), false),
  /** The times beside the terminal's rows: of the day, or since the line before. */
  times: z.catch(z.enum(timesChoices), 'off'),
  terminalColours: z.catch(z.enum(colourChoices), 'page'),
  /** The columns of the list of servers, in their order. Null: those that it shows by itself. */
  listColumns: z.catch(z.nullable(z.array(z.string())), null),
  ownColours: z.catch(z.nullable(TerminalColours), null),
})
export type Settings = z.infer<typeof Settings>

const KEY = 'bms-console.settings'
const listeners = new Set<() => void>()

/** Reads the stored settings. Anything may be stored there, so each bad part falls back to its default. */
function readSettings(otherwise: Settings): Settings {
  try {
    return Settings.parse(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
  } catch {
    // Nothing is stored, it is not JSON, or the browser denies the page its storage.
    return otherwise
  }
}

/** The choices that were made here. They are stored. */
let chosen = readSettings(Settings.parse({}))
let current = chosen

export const settings = {
  get: () => current,
  theme: () => resolvedTheme(),
  language: () => resolvedLanguage(),
  /** @param step null goes back to the usual size */
  resizeText(step: 1 | -1 | null): void {
    settings.setText(step === null ? fontSizes.usual : current.fontSize + step)
  },
  /** Sets the size of the text, or the nearest that there is. */
  setText(size: number): void {
    const { smallest, largest } = fontSizes
    const fontSize = Math.min(largest, Math.max(smallest, size))
    if (fontSize !== current.fontSize) settings.set({ fontSize })
  },
  set(change: Partial<Settings>): void {
    // Another tab may have stored other choices meanwhile.
    chosen = Settings.parse({ ...readSettings(chosen), ...change })
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen))
    } catch {
      // The storage is full or denied: the choice holds until the page is closed.
    }
    settings.borrow(change)
  },
  /** Applies what the host page asks for. It is no choice of the user's, so it is not stored. */
  borrow(change: Partial<Settings>): void {
    current = Settings.parse({ ...current, ...change })
    applyTheme()
    for (const listener of listeners) listener()
  },
}

const dark = window.matchMedia('(prefers-color-scheme: dark)')
/**
 * Kept, because Chromium does not tell of a change if a script reads `matches` between the change and the next frame
 * (156: 36 of 40 changes were lost to a busy reader).
 */
let systemIsDark = dark.matches

function applyTheme(): void {
  document.documentElement.dataset.theme = resolvedTheme()
}

const resolvedTheme = () => current.theme ?? (systemIsDark ? 'dark' : 'light')

const resolvedLanguage = (): Language => current.language ?? languageOf(...navigator.languages)

dark.addEventListener('change', ({ matches }) => {
  systemIsDark = matches
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
