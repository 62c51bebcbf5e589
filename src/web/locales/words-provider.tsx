import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { IntlProvider } from 'use-intl'
import { useLanguage } from '../settings/settings.ts'
import { type LoadedWords, loadWords } from './words.ts'

interface WordsProviderProps {
  /** What the page begins with: its first text is in the right language. */
  first: LoadedWords
  children: ReactNode
}

/** The words of the chosen language; those that are shown stay until the others have come. */
export function WordsProvider({ first, children }: WordsProviderProps) {
  const chosen = useLanguage()
  const [{ language, words }, show] = useState(first)
  useEffect(() => {
    let wanted = true
    void loadWords(chosen).then((loaded) => {
      if (wanted) show(loaded)
    })
    return () => {
      wanted = false
    }
  }, [chosen])
  useLayoutEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <IntlProvider
      locale={language}
      messages={words}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  )
}
