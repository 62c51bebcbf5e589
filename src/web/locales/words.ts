import { en, type Words } from './en.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

/** Each in its own words, for those who cannot read the others. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/** English comes with the page; each other language is a file of its own, loaded where it is chosen. */
const loaders: Record<Language, () => Promise<Words>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
}

/**
 * @param wanted BCP 47 tags, the most wanted first: `de-AT` is German
 * @returns the first that we have, else English
 */
export function languageOf(...wanted: readonly string[]): Language {
  const known = wanted.map((tag) => languages.find((each) => each === tag.split('-')[0]?.toLowerCase()))
  return known.find((language) => language !== undefined) ?? 'en'
}

/** Words, and the language that they are in: dates and numbers follow it. */
export interface LoadedWords {
  language: Language
  words: Words
}

const english: LoadedWords = { language: 'en', words: en }

/**
 * @param language any BCP 47 tag
 * @returns English where we do not have the language, or its file does not come
 */
export async function loadWords(language: string): Promise<LoadedWords> {
  const known = languageOf(language)
  try {
    return { language: known, words: await loaders[known]() }
  } catch {
    // The network, or a newer version of the page: words that can be read are better than none.
    return english
  }
}
