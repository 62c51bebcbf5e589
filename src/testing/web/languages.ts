import { de } from '../../web/locales/de.ts'
import { en, type Words } from '../../web/locales/en.ts'
import { type Language, languageTags } from '../../web/locales/words.ts'
import { zh } from '../../web/locales/zh.ts'

/** Every language with all of its words, those too that a page loads later. */
export const completeWords: Record<Language, Words> = { en, de, zh }

/** Each text of some words by its path, e.g. `console.guard.stay`. */
export function textsOf(messages: object, path: string[] = []): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]: [string, string | object]) =>
      typeof value === 'string'
        ? [[[...path, key].join('.'), value] as const]
        : [...textsOf(value, [...path, key])],
    ),
  )
}

export type { Language, Words }
export { languageTags }
