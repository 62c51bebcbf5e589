import { enFirst, type FirstWords } from './en-first.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

/** Each language in its own words, for readers who know no other. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/**
 * English comes with the page; what only a console says comes with the console (`more-words.tsx`). Each other language is
 * a file that loads when it is chosen.
 */
const loaders: Record<Language, () => Promise<FirstWords>> = {
  en: async () => enFirst,
  de: async () => (await import('./de.ts')).de,
}

/**
 * @param wanted BCP 47 tags, the preferred one first; `de-AT` is German
 * @returns the first language that we have, or English
 */
export function languageOf(...wanted: readonly string[]): Language {
  const known = wanted.map((tag) => languages.find((each) => each === tag.split('-')[0]?.toLowerCase()))
  return known.find((language) => language !== undefined) ?? 'en'
}

/** Words and their language, which dates and numbers follow. */
export interface LoadedWords {
  language: Language
  words: FirstWords
}

const english: LoadedWords = { language: 'en', words: enFirst }

/**
 * @param language any BCP 47 tag
 * @returns English when we do not have the language or its file does not load
 */
export async function loadWords(language: string): Promise<LoadedWords> {
  const known = languageOf(language)
  try {
    return { language: known, words: await loaders[known]() }
  } catch {
    // The network failed, or a newer version of the page replaced the file. English is better than nothing.
    return english
  }
}
