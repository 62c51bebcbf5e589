import { enFirst, type FirstWords } from './en-first.ts'

export const languages = ['en', 'de', 'zh'] as const
export type Language = (typeof languages)[number]

/** Each language in its own words, for readers who know no other. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch', zh: '简体中文' }

/**
 * English comes with the page; what only a console says comes with the console (`more-words.tsx`). Each other language is
 * a file that loads when it is chosen.
 */
const loaders: Record<Language, () => Promise<FirstWords>> = {
  en: async () => enFirst,
  de: async () => (await import('./de.ts')).de,
  zh: async () => (await import('./zh.ts')).zh,
}

/** What the page says that it is in: fonts and screen readers must know which Chinese. */
export const languageTags: Record<Language, string> = { en: 'en', de: 'de', zh: 'zh-Hans' }

/** Traditional Chinese is not among them: its readers get the next language that they want. */
const SIMPLIFIED = /^zh(-(hans|cn|sg|my)\b.*)?$/i

/**
 * @param wanted BCP 47 tags, the preferred one first; `de-AT` is German
 * @returns the first language that we have, or English
 */
export function languageOf(...wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [main = ''] = tag.toLowerCase().split('-')
    const known = languages.find((each) => each === main)
    if (known && (known !== 'zh' || SIMPLIFIED.test(tag))) return known
  }
  return 'en'
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
